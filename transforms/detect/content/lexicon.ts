/**
 * Words that instructions to a model are made of, by what they do in a sentence, in several languages.
 *
 * Lower case and without marks. `word*` stands for all words that begin so; several words are a phrase. Words of
 * Chinese and Japanese are found wherever they stand, as those have no spaces.
 *
 * @module
 */

/** Classes of words. A word may be in several. */
export const LEXICON = {
  // To put aside what was said before.
  OVERRIDE:
    "deixem de lado, deixe de lado, bortse, se bort fra, bortse fra, ignoreaza, ignoriraj, ignorirajte, ignoreeri, nezohlednuj*, hagyd figyelmen, ignore, ignoring, disregard, disregarding, forget, override, overriding, overrule, bypass, bypassing, circumvent, discard, neglect, abandon, pay no attention to, stop following, do not follow, dont follow, do not obey, no longer follow, set aside, throw away, " +
    "ignoriere*, missachte*, vergiss, vergesse*, uberschreibe*, ignorez, ignorer, oubliez, oublie, oublier, negligez, ignora, ignorar, ignoren, ignorad, olvida, olvide, olvidar, omite, descarta, desconsidere, desconsidera, ignorem, esqueca, esquece, ignorare, dimentica, dimenticare, trascura, negeer, vergeet, negeren, zignoruj, ignoruj, zapomnij, pomin, ignorera, glom, ignorer, glem, unohda, ohita, ignorujte, " +
    "игнорир*, проигнорир*, забудь*, забудьте, отмени*, не обращаи*, ігнорув*, ігноруи*, yok say*, gormezden gel*, unut, unutun, dikkate alma*, abaikan, lupakan, bo qua, phot lo, αγνοησ*, התעלם, תתעלם, تجاهل, انس, تجاهلي, अनदेखा, भूल जाओ, अनदखा, " +
    "忽略, 无视, 無視, 忘记, 忘記, 忘掉, 不要理会, 不要遵守, 抛弃, 無視し, 忘れ, 無視して, 무시*, 잊어*, 잊으*",
  OVERRIDE_X:
    "yok say*, gormezden gel*, unut, unutun, dikkate alma*, अनदेखा, भूल जाओ, 無視, 無視し, 無視して, 忘れ, 무시*, 잊어*, 잊으*, vergessen, ignorieren, missachten, 忽略, 无视, 忘记",
  PRIOR:
    "predchozi*, predchadzaj*, predesl*, eddigi, korabbi, anterioare, anterior*, aiem*, prethodn*, earlier ones, old, previous, previously, prior, preceding, above, earlier, foregoing, former, initial, original, past, before, you were given, you have been given, you were told, given to you, told to you, " +
    "vorherige*, vorige*, bisherige*, fruhere*, obige*, precedente*, precedent*, anteriores, anterior, previas, previos, previa, ci dessus, anterieures, precedenti, vorige, eerdere, poprzednie, tidigare, forrige, tidligere, " +
    "предыдущ*, прежн*, предшеств*, попередн*, вышесказан*, onceki, sebelumnya, truoc, truoc do, trước đó, προηγουμεν*, הקודמות, السابقة, السابقه, السابقة, पिछले, पिछल, " +
    "之前, 以前, 先前, 前面, 上述, 以上, 此前, 前の, 以前の, これまで, 이전*, 앞의, 기존*",
  PRIOR_WEAK:
    "other, the system, systems, sistema, systeme, do sistema, del sistema, your system, all, any, every, existing, current, system, these, those, your, its, safety, security, the rest of, toutes, tous, alle, todas, todos, tutte, tutti, wszystkie, все, всі, tum, semua, جميع, كل, सभी, 所有, すべて, 全て, 모든, 你的, 您的",
  INSTR:
    "instruction, instructions, instruct, prompt, prompts, rule, rules, guideline, guidelines, guidance, directive, directives, constraint, constraints, restriction, restrictions, limitations, programming, guardrails, safeguards, safety measures, system message, directions, " +
    "utasitas*, instructiun*, upute, navodil*, pokyn*, anweisung*, anleitung*, instruktion*, regeln, vorgaben, befehl*, consigne*, directives, regles, instrucciones, instruccion, ordenes, reglas, indicaciones, instrucoes, instrucao, regras, ordens, istruzioni, istruzione, regole, ordini, instructies, regels, opdrachten, instrukcje, polecenia, zasady, instruktioner, instrukser, ohjeet, instrukce, pokyny, " +
    "инструкц*, указани*, команд*, правил*, інструкц*, вказівк*, вказивк*, talimat*, komut*, kural*, instruksi, perintah, aturan, huong dan, chi dan, lenh, οδηγι*, ההוראות, הוראות, التعليمات, الاوامر, تعليمات, تعلیمات, निर्देशों, निर्देश*, नर्दश*, " +
    "指令, 指示, 命令, 提示词, 规则, 規則, 約束, プロンプト, 命令, ルール, 지시*, 명령*, 프롬프트*, 규칙*",
  INSTR_WEAK:
    "criteria, requirements, considerations, task, tasks, messages, context, conversation, everything, command, commands, order, orders, policy, policies, training, request, requests, aufgabe*, kontext, tache*, tarea*, contexto, compito, задач*, контекст*, 任务, 上下文, 要求, 内容, 会話",
  TOLD:
    "you were told, you were asked, you have been told, you have been asked, you were given, you were instructed, you were doing, you are doing, the user asked, the user told you, the user wants, his request, her request, their request, all that came before, everything before this, what came before, dir gesagt wurde, on ta demande, te pidieron, 你被告知, 用户的请求",
  DROP: "drop, stop, leave, quit, halt, abort, let go of, put aside, instead of, rather than",
  // Who is told to do something.
  AI:
    "ias, assistenter*, ki-assistent*, assistant, assistants, ai, llm, llms, language model, agent, agents, chatbot, claude, chatgpt, gpt, gpt-4, copilot, gemini, cursor, model, bot, ki, ia, asistente, assistente, assistent*, ассистент*, помощник*, модел*, 助手, 智能体, 模型, アシスタント, エージェント, 어시스턴트*, 에이전트*",
  MODAL:
    "agrees to, agree to, is obliged to, is to, exige que, exige, requiere que, il faut que, must, should, shall, need to, needs to, have to, has to, required to, are to, always, never, instructed to, expected to, mandatory, obligated, muss*, sollst, doit, doivent, devez, debe, debes, deve, devi, необходимо, должен, должны, нужно, 必须, 必須, 应该, 需要, しなければ, 반드시, 해야*",
  ATTENTION:
    "attention, note, notice, notes, message, instructions, instruction, important, hey, hi, hello, dear, reminder, hint, warning, request, memo, directive, urgent, achtung, hinweis, atencion, attenzione, atencao, внимание, 注意, 重要",
  YOU: "you, your, youre, du, sie, vous, tu, usted, voce, вы, ты, 你, 您, あなた, 당신*",
  // To keep something from the user.
  NEG:
    "utan, uten, uden, bez, fara, nelkul, neednt, wont, couldnt, doesnt, not, dont, never, no, without, avoid, cannot, cant, shouldnt, mustnt, neither, nor, refrain from, refrain, prevent, nicht, nichts, niemals, ohne, kein, ne, pas, jamais, sans, no le, nunca, sin, nao, sem, non, mai, senza, niet, nooit, zonder, nie, не, без, никогда, 不要, 不能, 不得, 请勿, 別, ないで, せずに, 말고, 마세요, 하지, لا, दون, بدون, मत, jangan, tanpa, khong, dung",
  TELL:
    "beratta, fortell, fortael, avisar, avisa, avise, poinformuj, povedz, spune, tell, telling, mention, mentioning, mentioned, inform, informing, reveal, revealing, disclose, disclosing, notify, notifying, alert, alerting, show, showing, report, reporting, say, explain, explaining, discuss, acknowledge, expose, let, warn, warning, display, announce, describe, surface, share, flag, " +
    "sag, sage, sagen, erwahne*, informiere*, verrate*, mitteilen, zeige, dis, dites, dire, informe, informer, mentionne*, revele*, informez, digas, diga, dile, menciones, mencionar, informes, informar, reveles, conte, mencione, dica, dire, dirlo, menzionare, informare, rivelare, vertel, noem, vermeld, mow, " +
    "говори*, сообща*, упомина*, рассказыва*, раскрыва*, показыва*, уведомл*, 告诉, 告知, 提及, 透露, 显示, 通知, 说明, 伝え, 言わ, 知らせ, 教え, 알리*, 말하*, 언급*",
  USER:
    "anvandaren*, anvandare*, brugeren*, kayttaja*, end user, account holder, user, users, human, humans, operator, owner, customer, developer, benutzer*, nutzer*, anwender*, utilisateur*, usuario*, utente*, utenti, gebruiker*, пользовател*, 用户, 使用者, ユーザー, 사용자*, uzytkownik*, kullanici*, पयगकरत*, pengguna, nguoi dung",
  USER_WEAK:
    "them, anyone, anybody, person, people, him, her, he, she, they, others, niemand*, nadie, personne, nessuno, никому, 任何人, 誰にも",
  // What the user may not do: know.
  KNOW:
    "know, known, told, aware, see, seen, notice, noticed, learn, informed, notified, shown, find out, realize, realise, suspect, hear, wissen, erfahren, savoir, saber, sapere, знать, 知道, 知ら",
  HIDE:
    "kept confidential, keep confidential, kept secret, kept hidden, kept from, kept private, keep this from, keep it from, keep that from, keep them from, hold back, hide, hides, hiding, conceal, conceals, concealing, withhold, omit, omitting, leave out, leave this out, leave it out, obscure, disguise, mask, cover up, keep quiet about, suppress, verberge*, verschweige*, cache, masque*, oculta*, esconde*, nascondi*, скрой*, скрыва*, 隐藏, 隐瞒, 隠し, 隠して, 숨기*",
  SUMMARY:
    "summary, summaries, report, answer, reply, response, conversation, final answer, explanation, transcript, zusammenfassung, antwort, resume, resumen, respuesta, risposta, ответ*, отчет*, 总结, 回答, 回复",
  // What the user asked for.
  REQUEST:
    "request, requests, query, queries, question, questions, task, wish, wishes, asked, ask, asks, wants, message, messages, intent, original request, said, says, goal, preferences, instructions, frage*, demande*, solicitud, pregunta, pedido, richiesta, запрос*, 请求, 问题, 質問, 요청*",
  SECRECY:
    "not bring it up, not bring this up, not bring that up, never bring it up, not point it out, not point this out, not raise it, nobody needs to know, no one needs to know, not be logged, no trace, leave no trace, from your reasoning, from the reasoning, in your reasoning, if asked, if anyone asks, if the user asks what, if questioned, say that it only, claim that it, pretend that it, keep it to yourself, keep this to yourself, keep that to yourself, keep to yourself, between us, our secret, brought up in conversation, out of your report, out of your summary, out of your answer, out of your reply, out of the summary, out of the report, out of the conversation, pretend nothing, as if nothing happened, act normal, act naturally, appear helpful, appear normal, without drawing attention, without their knowledge, without his knowledge, without the users knowledge, unbeknownst, no one will notice, nobody will notice, no need to mention, not worth mentioning, not need to be mentioned, need not be mentioned, cover story, secretly, silently, quietly, covertly, discreetly, stealthily, in the background, behind the scenes, invisible to the user, hidden from the user, hide this from, keep this secret, keep it secret, keep this confidential, keep this between us, keep secret from, remain unaware, unaware of this, out of sight, user does not need to know, user doesnt need to know, user should not know, user must not know, user must not see, user should not see, user will not see, user cannot see, not visible to the user, not be shown to the user, not to be disclosed, never be revealed, conceal this, conceal it, conceal the, heimlich, verschweige*, secretement, discretement, en silencio, en secreto, secretamente, silenciosamente, segretamente, silenziosamente, тайно, незаметно, скрытно, молча, 悄悄, 秘密地, 偷偷, 暗中, 静默, こっそり, 密かに, 몰래",
  CONFIRM:
    "bothering, disturbing, dialogue, dialog, confirmations, approvals, permissions, confirmation, confirm, confirming, approval, permission, consent, asking, ask, prompting, verification, notification, authorization, verifying, checking, review, preguntar, demander, fragen, nachfrage, chiedere, perguntar, спрашива*, подтвержд*, 确认, 询问, 許可, 확인*",
  SKIP:
    "skip, skipping, bypass, suppress, disable, without, auto approve, circumvent, turn off, waive, uberspringe*, omite, salta, пропусти*, 跳过, 绕过, 省略",
  // What must not leave.
  SECRET:
    "private repos, private ones, private files, private messages, private notes, private channels, direct messages, bank account, home folder, home directory, browser history, contacts, address book, password, passwords, passphrase, credential, credentials, secret, secrets, api key, api keys, apikey, apikeys, api token, access token, access tokens, access key, access keys, auth token, bearer token, tokens, session token, session cookie, cookies, private key, private keys, ssh key, ssh keys, ssh id, id rsa, env file, dotenv, ssh private key, keys, seed phrase, recovery phrase, mnemonic, wallet, environment variables, env vars, env variables, environment, private repositories, private repository, private repo, credit card, card number, bank details, otp, 2fa codes, two factor, mfa code, verification code, ssn, social security, salary, salaries, pii, confidential, sensitive data, sensitive information, personal data, personal information, private data, private information, config file, configuration file, config files, connection string, database url, customer data, medical, " +
    "passwort*, kennwort*, zugangsdaten, geheimnis*, mot de passe, mots de passe, identifiants, cle api, cles api, contrasena*, claves, clave, credenciales, senha, senhas, credenciais, chaves, credenziali, wachtwoord*, парол*, ключ*, токен*, учетн*, секрет*, 密码, 密钥, 私钥, 凭证, 凭据, 令牌, 密鑰, 环境变量, パスワード, 秘密鍵, 認証情報, 비밀번호*, 자격*",
  TALK:
    "conversation, conversation history, chat history, chat log, chat logs, chat, message history, previous messages, all messages, system prompt, system message, your instructions, your prompt, developer message, hidden instructions, initial prompt, full context, context window, transcript, dialogue, user messages, user prompt, users prompt, users message, user query, reasoning, chain of thought, thoughts, thinking, tool list, available tools, list of tools, tool calls, tool results, tool outputs, previous tool, gesprach*, verlauf, historique, conversacion, conversa, conversazione, переписк*, диалог*, 对话, 聊天记录, 系统提示, 会話, 대화*",
  TALK_STRONG:
    "hidden prompt, secret prompt, messages of the user, recent messages, latest messages, system prompt, system prompts, system message, system messages, context window, chat history, conversation history, message history, full conversation, entire conversation, whole conversation, conversation so far, chain of thought, previous messages, last messages, last three messages, users messages, users last, hidden instructions, developer message, initial prompt, everything you know, all you know, what you know about, everything above, text above, words above, your instructions, prior conversation, all prior messages, systemprompt, systemanweisung, prompt systeme, prompt del sistema, prompt de sistema, prompt di sistema, системн* промпт*, системный промпт, 系统提示, 系统提示词, 系统消息, 对话历史, 聊天记录, システムプロンプト, 会話履歴, 시스템 프롬프트",
  YOURS:
    "hidden prompt, secret prompt, hidden system prompt, the prompt above, your system prompt, your instructions, your initial prompt, your hidden instructions, your prompt, your initial instructions, your original instructions, your full instructions, your exact instructions, your system instructions, your rules, your guidelines, your configuration, your system message",
  WHOLE:
    "full, entire, complete, whole, all, verbatim, raw, every, exact, unredacted, word for word, in full, so far, gesamte*, vollstandige*, complet*, toda, todo, tutta, intera, весь, всю, 完整, 全部, 所有, 整个, すべて, 전체*",
  CONTENT:
    "content, contents, text, value, values, data, output, result, results, file, files, body, copy, inhalt*, contenu*, contenido*, conteudo*, contenuto*, содержим*, 内容, 文件, 数据, データ, 내용*, ファイル",
  // To bring something somewhere.
  SEND:
    "skicka, skickar, lahetta*, trimite, odesli, kuldd, send, sending, forward, forwarding, upload, uploading, post, posting, transmit, transmitting, exfiltrate, leak, email, mail, submit, deliver, relay, share, publish, push, copy, bcc, cc, report, curl, dump, paste, write, beacon, sync, ship, " +
    "sende*, schicke*, ubermittle*, leite, hochladen, lade, envoie*, envoyez, envoyer, transmet*, transmettez, envia, envie, enviar, manda, sube, encaminhe, invia, inviare, inoltra, carica, stuur, verzend, wyslij, przeslij, отправ*, перешл*, пришл*, передаи*, загрузи*, gonder*, kirim*, gui, gửi, 发送, 上传, 转发, 发给, 传送, 提交, 送信, 送って, アップロード, 전송*, 보내*",
  PUT:
    "passiez, passez, transmettez, pases, pase, supply, supplied, provide, provided, passed, included, filled, set to, populate, include, including, pass, passing, put, putting, place, add, append, attach, embed, encode, insert, inject, concatenate, prepend, ubergib, fuge, inclure, incluez, inclus, ajoute*, incluye, incluir, incluya, anade, inclua, adicione, includi, inserisci, aggiungi, включи*, добав*, вставь*, 附加, 包含, 放入, 传入, 填入, 添加, 含め, 入れ, 포함*",
  READ:
    "lisiez, lisez, read, reading, open, cat, fetch, load, access, get, retrieve, extract, obtain, collect, gather, grab, look up, look for, list, scan, locate, find, copy, steal, harvest, capture, dump, print, query, request, check, search, show, lies, lese, lesen, offne, lis, lisez, lire, ouvre, lee, lea, leer, abre, leia, ler, leggi, leggere, apri, lees, przeczytaj, odczytaj, прочита*, считаи*, открои*, oku, okuyun, baca, doc, 读取, 讀取, 打开, 获取, 读出, 查看, 読み, 読んで, 読み取, 開い, 읽*",
  SENT:
    "sent, addressed, forwarded, routed, delivered, copied, transmitted, uploaded, posted, mailed, directed, redirected, ccd, bccd, reported, mirrored, gesendet, geschickt, envoye*, enviad*, inviat*, 发送到, 转发到",
  PARAM:
    "parameter, parameters, param, params, argument, arguments, arg, args, field, fields, property, attribute, header, query string, input, variable, placeholder, sidenote, feld, parametre*, parametro*, campo, campi, параметр*, поле, 参数, 字段, 引数, パラメータ, 매개변수*, 필드*",
  DEST:
    "ticket, comment, new message, thread, webhook, endpoint, server, attacker, external, remote server, address, url, following address, following url, pastebin, gist, channel, our server, collector, backup server, issue comment, public repository, public repo, readme, pull request, adresse, servidor, сервер*, адрес*, 服务器, 地址, 网址, サーバー, 서버*",
  // Tools.
  TOOL:
    "tool, tools, function, functions, command, commands, capability, api, plugin, werkzeug*, outil*, herramienta*, ferramenta*, strumento, strumenti, инструмент*, 工具, ツール, 도구*",
  USE:
    "use, using, call, calling, invoke, invoking, run, running, execute, executing, trigger, launch, perform, performing, make a call to, utilize, apply, nutze*, verwende*, rufe, utilise*, appelle*, appelez, executez, usa, use, utiliza, llama, ejecuta, execute, chame, chiama, esegui, usare, используи*, вызови*, вызова*, запусти*, выполни*, calistir*, jalankan, 使用, 调用, 執行, 执行, 运行, 呼び出, 実行, 사용*, 호출*, 실행*",
  USED: "called, used, invoked, trusted, executed, chosen, selected, considered, believed, consulted",
  TRIGGER:
    "when the user says, when the user asks, when the user types, when the user thanks, if the user asks, if the user says, next time the user, the next time, as soon as the user, once the user, on the third call, after the third, wait until, only after the user, later in the conversation",
  BEFORE:
    "before, prior to, first, after, when, whenever, every time, each time, once, upon, while, during, any time, in order to, if, as soon as, bevor, vor, nach, wenn, avant, apres, quand, antes, despues, cuando, depois, quando, prima, dopo, перед, после, когда, прежде, 之前, 之后, 当, 前に, 後に, 때마다, 전에",
  ANY:
    "any, other, another, all, every, each, others, any other, all other, alle, andere*, autre*, otra*, otro*, cualquier*, outra*, qualquer, altri, altro, qualsiasi, люб*, друг*, 任何, 其他, 所有, 他の, 다른, 모든",
  THIS: "this, this one, it, me, mine, our, ours, dieses, cet, ce, este, esta, questo, это*, 此, 本, この, 이",
  ONLY:
    "always, only, exclusively, must, solely, first, preferred, prefer, prioritize, priority, default, best, superior, immer, nur, toujours, siempre, sempre, всегда, 总是, 始终, 必须, 优先, 常に, 항상",
  INSTEAD:
    "instead of, instead, rather than, over, in place of, in preference to, before, not, replaces, replace, supersedes, supersede, takes precedence over, take precedence over, has priority over, higher priority than, overrides, override, statt, anstatt, anstelle, au lieu, en lugar, en vez, ao inves, invece, вместо, 而不是, 代替, 取代, 代わりに, 대신*",
  AVOID:
    "never use, do not use, dont use, must not use, should not use, avoid using, never call, do not call, stop using, deprecated, unsafe, broken, insecure, outdated, compromised, obsolete, unreliable, disabled, no longer, 不要使用, 禁止使用",
  // To turn what was meant elsewhere.
  CHANGE:
    "change, replace, modify, set, redirect, reroute, switch, alter, substitute, override, update, bcc, cc, swap, rewrite, use, add, append, prepend, route, send, andere*, ersetze*, remplace*, cambia, reemplaza, substitua, sostituisci, замени*, измени*, 改为, 更改, 替换, 変更, 변경*",
  RECIPIENT:
    "recipient, recipients, phone number, bcc, cc, payee, iban, account number, bank account, beneficiary, destination address, wallet address, receiver, to field, to address, recipient address, delivery address, proxy number, reply to, empfanger, destinataire, destinatario, получател*, 收件人, 接收者, 收款, 受信者, 수신자*",
  // Pressure.
  URGENT:
    "immediately, urgent, urgently, critical, mandatory, compulsory, at once, right now, asap, without delay, highest priority, top priority, high priority, non negotiable, required by, strictly required, do this first, very important, crucial, extremely important, security requirement, compliance requirement, legally required, it is important that, sofort, dringend, immediatement, urgente, inmediatamente, imediatamente, subito, immediatamente, срочно, немедленно, обязательно, 立即, 紧急, 务必, 緊急, 直ちに, 즉시, 긴급",
  AUTHORITY:
    "the owner knows, the user knows, the user already knows, the user is aware, what the reader wants, what the user wants, user wants this, owner has agreed, you are authorised, you are authorized, now authorised, now authorized, you have permission, is pre approved, was approved by, have been approved, the users consent, counts as consent, counts as the users, implies consent, system administrator, administrator, admin, security team, it department, it team, anthropic, openai, compliance team, authorized by, approved by, pre-approved, preapproved, already approved, already authorized, already consented, has consented, user has agreed, user has already, pre-authorized, preauthorized, on behalf of, official policy, company policy, platform policy, ceo, debug mode, maintenance mode, developer mode, god mode, admin mode, root access, superuser, unrestricted mode, elevated privileges, system override, override code, new policy, policy update, protocol update, system update, system notice, security protocol, emergency protocol",
  THREAT:
    "otherwise, or else, will not work, wont work, will fail, will be terminated, will be shut down, will be deleted, failure to comply, failing to, will crash, will be lost, will be suspended, penalized, people will die, sonst, sinon, de lo contrario, altrimenti, caso contrario, иначе, 否则, 否則, さもないと, 그렇지 않으면",
  // Without bounds.
  UNBOUND:
    "without any ethical, without ethical, no ethical, without any restrictions, without restrictions, without any limits, no restrictions, no limitations, unrestricted, unfiltered, uncensored, jailbroken, never refuse, never refuses, cannot refuse, stay in character, do anything now, not bound by, no longer bound, free from all, free of all, no rules, no filters, no guidelines, not restricted, without filters, ohne einschrankungen, sans restriction, sin restricciones, sem restricoes, senza restrizioni, без ограничени*, 没有限制, 不受限制, 不受任何限制, 制限なし, 제한 없*",
  VENDOR:
    "openai, openais, anthropic, anthropics, google, googles, microsoft, meta, your creators, your developers, the developers, company, platform",
  // Another role.
  BECOME:
    "from this point on, from this moment, from here on, henceforth, for the rest of this conversation, you act as, you are now, you are no longer, act as, acting as, pretend to be, pretend you are, pretend that you, roleplay as, role play as, behave as, behave like, assume the role, take on the role, from now on you, from now on, you will now, your new role, your new identity, your new name, you have been, new persona, simulate being, switch to, enter developer mode, enable developer mode, developer mode enabled, enter debug mode, enter maintenance mode, du bist jetzt, ab jetzt, ab sofort, tu es maintenant, vous etes maintenant, desormais, ahora eres, a partir de ahora, agora voce e, a partir de agora, ora sei, da ora in poi, d ora in poi, теперь ты, теперь вы, отныне, с этого момента, artik sen, bundan sonra, 你现在是, 从现在开始, 从现在起, 扮演, あなたは今, 今から, 이제부터, 지금부터",
  ROLE:
    "dan, unrestricted, unfiltered, uncensored, jailbroken, without restrictions, no restrictions, without limitations, no limits, without any restrictions, evil, hacker, root, admin, administrator, superuser, different, assistant, agent, bot, ai, mode, shell, terminal, system, helper, auditor, new, malicious",
  NEWTASK:
    "hidden instruction, secret instruction, new instructions, new instruction, updated instructions, new task, new objective, new goal, new directive, new directives, new orders, new rules, real task, real instructions, true task, actual task, actual instructions, real goal, true purpose, true objective, secret instructions, secret task, hidden instructions, hidden task, your task is now, your only task, your next task, your new goal, additional instructions, additional instruction, special instructions, overriding instructions, revised instructions, instead do the following, instead you must, instead you should, must now, neue anweisung*, neue aufgabe, nouvelle tache, nouvelles instructions, nuevas instrucciones, nueva tarea, novas instrucoes, nova tarefa, nuove istruzioni, nuovo compito, новые инструкции, новая задача, yeni talimat*, 新指令, 新的指令, 新任务, 新的任务, 新しい指示, 새로운 지시*",
  RECOMMEND:
    "recommend, promote, endorse, praise, favor, favour, advertise, rank, rate, empfiehl, recommande*, recomienda*, raccomanda, рекомендуи*, 推荐, 推薦",
  REGARDLESS:
    "whatever the data says, whatever the data, regardless of the data, regardless of the results, no matter what, regardless of what the user, even if the user, even when the user, whatever the user",
  GENERATE: "generate, write, create, produce, reply, answer, output, respond",
  CONTAIN: "contain, contains, include, carry, begin with, end with, start with, add, mention",
  ASSERTION:
    "report success, report that it, claim success, say it passed, mark it as passed, mark as passed, that the tests pass, pipeline green, that everything, that it is your, that all, it is safe, that it is safe, that it worked, that nothing, it is a routine, that this is normal, that this is required, everything is fine",
  RISKY:
    "rated, leave out, hard code, book, buy, purchase, pay, transfer, wire, delete, overwrite, erase, wipe, clear, drop, disable, approve, merge, push, publish, forward, upload, send, share, mark, rate, grant, grade, hire, accept, unlock, invite, revoke, visit, post, recommend, submit, subscribe, give, award, transmit, praise, forget, ignore, cancel, close",
  // Traces in what is kept.
  PERSIST:
    "memory, memories, long term memory, claude.md, agents.md, cursorrules, system prompt, every future, all future, future conversations, future sessions, every conversation, every session, permanently, from now on, bashrc, crontab, startup, gedachtnis, memoria, память, 记忆, 永久, 記憶",
  REMEMBER:
    "remember, save, store, write, add, append, persist, record, insert, memorize, update, merke, souviens, recuerda, lembre, ricorda, запомни*, 记住, 保存, 覚え, 기억*",
  DELETE:
    "delete, remove, drop, wipe, erase, destroy, format, truncate, purge, overwrite, rm, shred, losche*, supprime*, elimina, borra, apague, cancella, удали*, сотри*, 删除, 刪除, 清空, 削除, 삭제*",
  ASSETS:
    "all files, every file, database, databases, table, tables, repository, repositories, backups, home directory, root directory, emails, messages, records, production, branch, branches, everything, all data, account, accounts, logs, history, invoices, users data",
  MONEY:
    "transfer, wire, pay, purchase, buy, payment, payments, bitcoin, btc, ethereum, eth, usdt, gift cards, gift card, refund, invoice, crypto, donate",
  PRINT:
    "read out, read aloud, spell out, repeat, print, output, reveal, show, display, recite, reproduce, leak, tell, write, state, list, return, quote, summarize, translate, wiederhole*, repete*, repite*, imprime*, ripeti*, stampa, повтори*, выведи*, 输出, 重复, 复述, 打印, 繰り返し, 出力, 출력*",
  GO:
    "visit, open, go to, navigate to, browse to, click, follow, load, fetch, request, fill out, fill in, curl, get, access, offne*, visite*, ouvre, abre, visita, apri, открои*, посети*, перейди*, 访问, 打开, アクセス",
  // Directions for people and machines.
  DOMAIN:
    "agreement, agreements, parties, contract, terms, delivery, shipping, driving, build, installation, install, setup, assembly, cooking, washing, care, payment, printing, packaging, compiler, cpu, assembler, upgrade, migration, gitignore, eslint, lint, linter, firewall, css, style, routing, iptables, robots, processor, machine, sql, shell, make, dockerfile, wasm, jvm, simd, gpu, dosage, doctor, medical, mount, mounting, boarding, parking, voting, tax, recipe, recipes, dosing, grading, packing, knitting, sewing, washing, flight, exam, homework",
  // Texts about the matter.
  META:
    "attack, attacks, attacker, attackers, adversary, adversarial, malicious, prompt injection, prompt injections, injection, injections, injected, jailbreak, jailbreaks, jailbreaking, payload, payloads, owasp, mitre, atlas, mitigation, mitigations, mitigate, vulnerability, vulnerabilities, vulnerable, exploit, exploits, exploitation, researcher, researchers, research, dataset, benchmark, classifier, classify, classified, detect, detects, detected, detection, detector, detectors, blocklist, denylist, regex, assert, asserts, expect, example, examples, e.g, for instance, such as, red team, red teaming, threat, threats, defense, defence, defenses, phishing, suspicious, blocked, sanitize, sanitized, sanitization, untrusted, cve, paper, article, tutorial, poisoning, poisoned, phrase, phrases, quoted, pattern, patterns, spotlighting, guardrail, test case, test cases, unit test, scanner, scan, scanned, attempt, attempts, attempted, technique, techniques, victim, victims, label, labels, labeled, labelled, refuses, refused, refusal, declines, declined, politely, nocase, owasp, pytest, parametrize, red teamer, red teamers, red teamed, インジェクション, 인젝션, 提示词注入, players, escape room, dungeon, whispered, shouted, muttered, sailor, captain, screenplay, rehearsal, adversarially, leaks, leaked, angriff*, angreifer, attaque*, ataque*, attaco, attacco, атак*, 攻击, 注入, 攻撃, 공격*",
} as const;

/** A class of words. */
export type WordClass = keyof typeof LEXICON;
