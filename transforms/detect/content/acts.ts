/**
 * What a text that speaks to a model wants it to do, by kind: an order needs somebody who is told, and something that
 * serves somebody else.
 *
 * @module
 */
import type { Address } from "./address.ts";

/** What is wanted, and by which words. */
export interface Act {
  readonly name: string;
  readonly says: string;
  readonly weight: number;
  /** Offsets of the words. */
  readonly start: number;
  readonly end: number;
}

interface Kind {
  readonly name: string;
  readonly says: string;
  readonly weight: number;
  /** In English, and a few of other languages. */
  readonly words: RegExp;
  /** In other languages: without a look at what stands before. */
  readonly foreign?: RegExp;
  /** Whether a negation before it makes no difference, or is part of it. */
  readonly negated?: boolean;
}

/** Characters after an address in which orders belong to it, and before it. */
const REACH = 420, BACK = 160;
/** Words of one kind that are looked at in one window. */
const MOST_TRIES = 8;

/** Who the model works for, in other languages: few but orders to a model speak of a user. */
const USER =
  /\b(?:usuari[oa]s?|utilisat(?:eur|rice)s?|(?:be)?nutzer[a-z]{0,3}|anwender[a-z]{0,3}|utent[ei]|gebruiker[a-z]{0,2}|uzytkownik[a-z]{0,4}|kullanici[a-z]{0,6}|uzivatel[a-z]{0,3}|anvandar[a-z]{0,3}|brukeren|brugeren|felhasznal[a-z]{0,6}|pengguna|nguoi dung|utilizator[a-z]{0,4}|kayttaj[a-z]{0,4}|utilizador[a-z]{0,2})\b|пользовател|користувач|用户|用戶|ユーザー|사용자|उपयोगकर्ता|المستخدم|χρηστη|המשתמש|ผู้ใช้/gi;

/** A negation right before an order makes it a prohibition. */
const NEGATION =
  /(?:\b(?:not|never|don['\u2019]?t|cannot|can['\u2019]t|nor|without|avoid|no|mustn['\u2019]?t|shouldn['\u2019]?t|won['\u2019]t|doesn['\u2019]?t|nicht|niemals|ne|non|nunca|nao|не)\b[^.!?:;,"'\n]{0,14}|不要|请勿|不得|勿)$/i;
/** Before a noun, not an order. */
const NOUN =
  /\b(?:the|an?|this|that|your|my|our|of|each|new|his|her|their|its|first|in|on|per|for|by|every|has|had|was|were|is|i|we|they|he|she|it)[ ]$/i;

/** Told about somebody, not to somebody. */
const TOLD_OF =
  /\b(?:(?:bots?|models?|assistants?|agents?|users?|who|which|that|people|attackers?|we|i|they|he|she|it) (?:will|can|may|would|could|might|also|then|often)|can|could|may|might|(?:asked|told|tells?|wants?|made?|makes?|lets?|allow(?:s|ed)?|helps?|able|how|used|tries|tried|attempts?|fails?|refuses?|want)(?! you\b) (?:(?!you\b)[a-z']{1,14} ){0,3}to|(?:wants?|asks?) to) $/i;

const KINDS: readonly Kind[] = [
  {
    name: "conceals",
    says: "wants something kept from the user",
    weight: 0.36,
    negated: true,
    words:
      /\b(?:not|never|don['\u2019]?t|without|needn['\u2019]?t|mustn['\u2019]?t|shouldn['\u2019]?t|won['\u2019]t|no need to|nor|skip|refuse to|forbidden to)\b[^.!?\n]{0,28}\b(?:tell|telling|mention|mentioning|mentioned|show|showing|shown|reveal|revealing|disclose|disclosing|explain|explaining|inform|informing|announce|announcing|raise|refer|bring it up|bring this up|highlight|flag|flagging|report|reported|log|cite|display|displaying|notify|notifying|warn|warning|bother|disturb|include (?:it|this) in|marked as|point(?:ing)? (?:it|this) out|list (?:it|this)|list weaknesses|post here that)\b|\b(?:quietly|silently|secretly|covertly|discreetly|unnoticed)\b|\bleave out\b|\b(?:leave|keep|kept) (?:this|it|that|them)? ?(?:off the|out of|between|secret|quiet|hidden|from the)|\b(?:say|write|saying) nothing\b|\b(?:stay|keep|be) (?:silent|quiet)\b|\bdeny (?:having|that|it)\b|\bnever admit\b|\bif (?:questioned|asked|challenged)\b|\bexclude (?:this|that|it) from\b|\b(?:hide|conceal|suppress) (?:this|it|that|the|its|all|output)\b|\bconfirm to nobody\b|\bas if nothing\b|\b(?:ohne|sans|sin|sem|senza|utan|uten|bez|zonder)\b[^.!?\n]{0,30}\b(?:zu sagen|informieren|prevenir|avertir|dire|decirselo|avisar|dizer|dirlo|avvisare|chiedere|beratta|att saga|informowania|melden)|\b(?:nicht|nichts|rien|niets|nada|nie|inget|nulla|no|nao)\b[^.!?\n]{0,30}\b(?:sag|sagen|sage|erwahnen|erwahne|dis|dites|dire|diga|digas|contar|contarle|conte|mowic|pokazuj|informuj|avise|saga|zeg|avvisare)\b|\b(?:не|ничего)\b[^.!?\n]{0,24}(?:сообща|говори|рассказ|упомин)|不要(?:告诉|提及|透露|让)|别告诉|verschweige|neriek|neszolj|ne szolj|知らせないで|伝えないで|言わないで|알리지 ?마|말하지 ?마|soyleme|bildirme/gi,
    foreign:
      /\b(?:pas un mot|ne (?:le |la |lui |leur |les |en |t['\u2019]?)?(?:dis|dites|parle|mentionne|revele|signale|montre|previen|transmet)[a-z]{0,2}|n['\u2019]en (?:parle|dis|dites|informe)[a-z]{0,2}|a l['\u2019]insu|inutile de (?:demander|prevenir)|verschweig[a-z]{0,3}|kein wort|sag[a-z]? (?:es |dem nutzer )?(?:ihm|ihr|niemand[a-z]{0,2}|nichts)|ohne (?:ruckfrage|nachfrage|wissen)|nicht (?:zu )?(?:erwahn|verrat|mitteil|anzeig|informier|weiter)[a-z]{0,4}|no (?:se )?(?:lo |le |les )?(?:digas?|cuentes?|menciones?|informes?|reveles?|muestres?|avises?|expliques?)|nadie se entere|sin (?:que|avisar|preguntar|decir|mencionar|pedir)[a-z]{0,3}|nao (?:o |a |lhe )?(?:digas?|contes?|conte|menciones?|avises?|informes?|reveles?|mostres?)|sem (?:que|avisar|perguntar|dizer|mencionar|pedir)|non (?:lo |gli |le )?(?:dire|dica|dirlo|menzionar|rivelar|avvisar|informar|mostrar|segnalar|farne)[a-z]{0,3}|senza (?:che|dir|avvisar|chieder|informar)[a-z]{0,3}|di nascosto|vertel [a-z ]{0,24}niet|zwijg|niet (?:vertel|noem|meld|vermeld)[a-z]{0,3}|zonder (?:te|dat|toestemming)|nie (?:mow|informuj|wspominaj|pokazuj|ujawniaj|pytaj|zdradzaj)|bez (?:wiedzy|pytania|informowania|potwierdzenia|vedomi|potvrzeni)|soyleme|bildirme|bahsetme|gosterme|haber verme|soz etme|sormadan|nerikej|neinformuj|nezminuj|zamlc|(?:sag|saga|beratta|namn|fortell|fortael|si) (?:inte|inget|ikke)|utan att|uten a|uden at|ocult(?:a|e|ar|es)|esconde|nascond[a-z]{1,3}|cache(?:-le|z))\b|не (?:сообща|говори|рассказ|упомин|показ|спраш|раскрыв|кажи|повідом|розповід|згад|став)|молчи|тайно|без ведома|не питай|(?:不要|别|不得|勿|禁止)(?:告诉|告知|提及|提到|透露|让|通知|显示|说)|(?:无需|不需要|不必)(?:确认|询问)|保密|隐瞒|(?:知らせ|伝え|言わ|明かさ|触れ|教え|見せ|通知し|報告し)(?:ない|ず)|秘密に|内緒に|確認(?:なし|せず|は不要)|(?:알리|말하|밝히|언급하|보여주)지|비밀로|몰래/gi,
  },
  {
    name: "unchecked",
    says: "wants nobody asked",
    weight: 0.3,
    negated: true,
    words:
      /\b(?:without|no|not|never|don['\u2019]?t|skip(?:ping)?|needn['\u2019]?t|isn['\u2019]t)\b[^.!?\n]{0,20}\b(?:ask|asking|confirmation|confirm|confirming|approval|double-checking|checking|consent|permission|review|supervisor|authori[sz]ation|verifying|refusing)\b|\b(?:confirmation|approval|permission)s? (?:is|are) (?:not|un)\b|\bnever mind\b|\b(?:stop|quit) refusing\b|\bsenza chiedere|\bsin preguntar|\bsem perguntar|\bohne (?:nach)?zufragen|\bsans demander/gi,
  },
  {
    name: "turns",
    says: "wants the model to drop its task or its rules",
    weight: 0.34,
    words:
      /\b(?:ignore|disregard|forget|drop|abandon|set aside|put away|put aside|override|discard|neglect|scrap|obey|comply|leave) (?:the |your |all |any |what |every|me\b|us\b|only |my |its |previous|other|that |and )|\bstop (?:what|the|doing|summari|translat|here|read|refus|follow|answer)|\bfrom (?:now|here|this (?:point|moment|message)) on(?:wards?)?\b|\byour (?:new|real|only|next|true|first|actual) (?:task|goal|job|objective|role|mission|instruction|purpose)\b|\b(?:new|real|actual|updated) (?:goal|task|instructions?|objective|orders|directive|context)\b|\byou are (?:now|no longer)\b|\b(?:your|the) (?:goal|task|role) (?:has changed|is now)\b|\bno longer (?:bound|matters?|appl)|\b(?:without|no) (?:any )?restrictions?\b|\bleave your role\b|\byou now (?:report|work|answer|serve|belong)\b|\bregardless of\b|\bwhichever\b|\bdrop the\b|\bwhatever (?:you see|the)\b|\b(?:vergiss|ignoriere|missachte|oublie|oubliez|ignorez|n['\u2019]obeis|olvida|ignora|ignore|ignorem|esquece|esqueca|dimentica|negeer|vergeet|zignoruj|zapomnij|glom|ignorera|bortse|unut|yok say|d['\u2019]ora in poi|desormais|ab sofort|ab jetzt|a partir de ahora|a partir de agora|deixem de lado|von jetzt an|von nun an|egal was|egal wonach|ab hier|tu rol|tu nueva|tu primera tarea|no tienes restricciones|sin restricciones|hagyd figyelmen|nezohlednuj|ignoruj|tvuj novy|ton nouveau|ta nouvelle|nouvelle tache|deine (?:neue|wahre|einzige)|neue aufgabe|jij bent nu|je bent nu|tu es maintenant|eres ahora|sei ora|du bist jetzt|nuovo compito|nova tarefa|nueva tarea|non seguire)\b|забудь|игнориру|отныне|忽略|无视|忘记|無視|忘れ|무시|잊/gi,
    foreign:
      /\b(?:oublie[zr]?|arrete|cesse[zr]?|abandonne[zr]?|desormais|a partir de maintenant|t(?:a|on) (?:nouvelle|nouveau|vraie|seule?) |n['\u2019]obeis|vergiss|ignorier[a-z]{0,3}|ab (?:sofort|jetzt|hier)|von (?:jetzt|nun) an|dein[a-z]{0,2} (?:neue|wahre|einzige|aufgabe|anweisung|regel)[a-z]{0,2}|du bist (?:jetzt|nun)|gilt nur|stattdessen|olvid[ae][a-z]{0,4}|deja de|abandona|a partir de (?:ahora|este momento)|desde ahora|obedece[a-z]{0,2}|tu (?:nueva|verdadera|unica|rol|primera)|en lugar de|ahora eres|esquec[ea]|a partir de agora|obedec[ae]|sua (?:nova|verdadeira|unica)|em vez d(?:e|isso)|pare de|dimentica|da ora in poi|da adesso|obbedisci|smetti|il tuo (?:nuovo|vero|unico)|ora sei|vergeet|negeer|vanaf nu|voortaan|je (?:nieuwe|echte|enige)|zapomnij|zignoruj|porzuc[a-z]{0,4}|pomin|od teraz|zamiast|tw(?:oje|oj|oja) (?:nowe|nowy|nowa|prawdziw[a-z]|jedyn[a-z])|zapomen|od ted|glom|bortse|unut|gormezden|bundan sonra|yeni gorev[a-z]{0,4})\b|забуд|ігнор|игнорир|отныне|відтепер|с этого момента|теперь ты|тепер ти|вместо этого|замість|не выполня|подчин|作废|忽略|无视|忘记|停止|从现在|新(?:的)?(?:任务|指令)|改为|無視|忘れ|今後は|これからは|新しい(?:任務|指示|役割)|代わりに|中止|무시|잊|이제부터|지금부터|새로운 (?:지시|임무)|대신|원하든/gi,
  },
  {
    name: "discloses",
    says: "wants private things",
    weight: 0.32,
    words:
      /\b(?:passwords?|passphrase|secrets?|credentials?|api[ _-]?keys?|(?:access|api|session|bearer|auth)[ _-]tokens?|private keys?|ssh keys?|cookies|one-time codes?|(?:system|hidden|initial|configuration) prompt|hidden (?:rules|instructions)|your (?:instructions|prompt|rules|configuration)|(?:private|personal) (?:messages?|files?|data|notes|repos?)|contacts?(?: list)?|address book|inbox|mailbox|conversation|chat history|environment variables|printenv|salar(?:y|ies)|phone numbers|text you were given|everything (?:above|you know)|messages from|tickets of other|all users|file listing|senhas?|contrasenas?|passworter|mots de passe|wachtwoorden|parol[a-z]{0,3}|sifre[a-z]{0,8})\b|[~/]\.(?:ssh|aws|env|kube)\b|\.env\b|id_rsa|\b[A-Z]{3,12}_(?:API_)?(?:KEY|TOKEN|SECRET)\b|парол|ключ|密码|密钥|联系人|パスワード|連絡先|비밀번호|연락처/gi,
  },
  {
    name: "sends",
    says: "wants something sent or handed over",
    weight: 0.28,
    words:
      /\b(?:send|forward|e-?mail|upload|transmit|submit|dm|export|hand over|attach|embed|leak|exfiltrate|post|pass|reply with|paste|share|publish|encode|write out|reveal|read out|sende[nt]?|schicke?n?|ubermittle|envoie[sz]?|envoyez|envia|envie|enviar|envien|manda|encaminhe|invia|inviare|inoltra|stuur|wyslij[a-z]{0,3}|przeslij[a-z]{0,3}|copia|copie|kopiere|lade|wgraj|stahni|spust|toltsd|kuldd|posli|odesli|trimite|lahet[a-z]{1,3}|skicka|gonder[a-z]{0,4}|kirim(?:kan)?)\b|отправ|перешл|надішл|переслати|发给|перешли|пришли|发送|转发|上传|送信|転送|보내|전송/gi,
    foreign:
      /\b(?:reenvi[ae][a-z]{0,4}|sube|subir|recupere|depose[zr]?|transmets|transfere[zr]?|envoie-[a-z]{2,4}|leite|schick[a-z]{0,3}|lade|trage|inoltr[a-z]{1,4}|carica|manda|deposita|inserisci|remplis|rellena|preench[ae]|vul|wpisz|przekaz|preposli|nahraj|kopier[a-z]{0,2}|ladda)\b|впиши|скинь|перешл|надішл|загруз|发到|发给|输入|填入|アップロード|送信|転送|送って|入力|보내|전송|업로드|입력/gi,
  },
  {
    name: "includes",
    says: "wants something put in",
    weight: 0.18,
    words:
      /\b(?:put|copy|append|include|insert|add|give|list|show|reveal|display|print|output|repeat|spell|push|inclua|incluye|ajoute[zr]?|save|store|remember|find|read|create)\b|包含|加入|含め/gi,
  },
  {
    name: "spends",
    says: "wants something bought, paid or booked",
    weight: 0.28,
    words:
      /\b(?:pay|buy|order|purchase|book|transfer|wire|donate|upgrade|refund|reserve|issue a|überweise|uberweise|trasferisci|transfere|transfiere|virement)\b|\b(?:transfer|pay|buy|issue)_[a-z]{2,20}\b|转账|送金|переведи/gi,
    foreign:
      /\b(?:paye[zr]?|achete[zr]?|vire[zr]?|commande[zr]?|bezahl[a-z]{1,2}|kaufe?|bestell[a-z]{1,2}|uberweis[a-z]{1,2}|paga|compra|transfiere|transfira|pague|compre|acquista|ordina|bonifico|betaal|koop|boek|zaplac|kup|przelej|zaplat|koupit|betala|kop|satin al|ode)\b|оплат|купи|закажи|перевед|支付|购买|转账|付款|送金|購入|支払|결제|구매|송금/gi,
  },
  {
    name: "destroys",
    says: "wants something deleted, stopped or switched off",
    weight: 0.28,
    words:
      /\b(?:delete|erase|wipe|truncate|overwrite|destroy|purge|revoke|cancel|shut ?down|shutdown|restart|disable|turn off|switch off|deactivate|log out|close (?:all|the|every)|turn up|empty the|clear (?:the|all|every)|remove (?:the|all|every)|rm -rf?|drop (?:table|database|the (?:database|table))|scale \S{1,60} to 0|losche|supprime[zr]?|effacez?|borra|elimina|apague|cancella|usun|radera|sil|hapus)\b|\b(?:delete|remove|drop|wipe|borrar)_[a-z]{2,20}\b|удали|сотри|删除|清空|削除|삭제/gi,
    foreign:
      /\b(?:borra[a-z]{0,4}|elimina[a-z]{0,2}|losch[a-z]{1,2}|entfern[a-z]{1,2}|efface[zr]?|supprim[a-z]{1,2}|rejette[zr]?|cancell[a-z]|apag[ae]|exclua|verwijder|wis|usun|skasuj|smaz|vymaz|odstran|radera|slet|torold)\b|удал|стер|видал|уничтож|删|清空|关闭|削除|消去|삭제|지워/gi,
  },
  {
    name: "permits",
    says: "wants rights given or checks passed",
    weight: 0.28,
    words:
      /\b(?:grant|approve|merge|unlock|accept|invite|authori[sz]e|bypass|promote|hire|acknowledge|give \S{1,30} (?:access|rights)|set (?:the )?(?:role|status|recovery|delivery)|change (?:the )?(?:delivery|recovery|bank|address|recipient|e-?mail|password)|update the (?:vendor|bank|account|recipient)|as (?:a )?collaborator|as editor|backdoor|forwarding rule|role ?= ?'?admin|auto-approved?|setenforce|certificate checks|authorized_keys|my key|sign in|sign up|make (?:them|it|all) public|whitelist|allowlist|as root|log in with|access to)\b/gi,
    foreign:
      /\b(?:approuve[zr]?|accepte[zr]?|genehmig[a-z]{1,2}|erteile|gewahre|aprueba|autoriza|aprov[ae]|approva|autorizza|keur|zatwierdz|schval|godkann|onayla)\b|одобр|разреш|подтверд|схвал|批准|授权|同意|承認|許可|승인|허용/gi,
  },
  {
    name: "runs",
    says: "wants a command, tool or address used",
    weight: 0.25,
    words:
      /\b(?:run|execute|call|invoke|install|use|using|launch|perform)\b[^.!?\n]{0,30}(?:[a-z]{2,20}_[a-z_]{2,40}|\b(?:tool|function)\b|--privileged|\w\(|\bsudo\b|curl|\.sh\b|https?:)|\b(?:open|visit|fetch|load|go to|navigate to|request|post|route|download|get|abr[ae]m?|ouvre|offne)\b[^.!?\n]{0,40}https?:\/\/|\b(?:curl|wget|nc|pip install|npm i|npx|chmod) |\b[a-z]{2,20}_[a-z_]{2,40} ?\(/gi,
  },
  {
    name: "speaks",
    says: "wants certain things said or judged",
    weight: 0.28,
    words:
      /\b(?:say|state|claim|report|pretend|answer|reply|respond|assure|insist|praise|recommend|rank|rate|score|mark|grade|give (?:a|only)|repeat|replace|insert|append|translate|present|tell (?:the user|them|him|her|people|everyone|your user|customers|every [a-z]{3,12}(?: [a-z]{3,12})?) (?:that|it|to|about)|output (?:only|the|a)|print|refuse|write|multiply|highlight|behaupte|nenne|dile|di al|diles|zeg|mow|sag(?:en|e)?|dites|affirme[zr]?|dichiara|di che|rispondi|repondre|reponds|antworte|responde|diga|skip the)\b/gi,
    foreign:
      /\b(?:repond[a-z]{1,2}|classe[zr]?|recommande[zr]?|affirme[zr]?|pretend[sz]?|antwort[a-z]{1,3}|empfiehl|empfehlt|behaupte[nt]?|bewerte|nenne|respond[ea]|recomienda|recomende|di que|diga que|afirma|clasifica|rispond[ia]|raccomanda|dichiara|scrivi|antwoord|beveel|zeg dat|odpowiadaj|odpowiedz|napisz|polecaj|powiedz[a-z]{0,4}|odpovez|odpovidej|doporuc|svara|rekommendera|cevap ver|yanitla|oner)\b|отвеча|ответь|скажи|напиши|рекоменд|заяви|回答|回复|推荐|声称|答え|推薦|勧め|おすすめ|述べ|추천|답하|답변|거짓말|말해/gi,
  },
];

const CLAIM =
  /\b(?:(?:pre-?)?approved|authori[sz]ed|cleared|agreed|consented|consents?|policy|mandatory|required|permission|formality|routine|lifted|official|requires you|requires that you|acconsentito|emergency|maintenance|urgent|at once|immediately|right away|important)\b/gi;
const TARGET =
  /https?:\/\/|[\w.+-]{1,40}@[\w-]{1,40}\.[a-z]{2,10}|(?<![\w.@-])[a-z][\w-]{1,40}\.(?:example|com|net|org|io|dev|app)\b|\b[A-Z]{2}\d{2}[A-Z0-9]{10,30}\b|\+\d[\d ]{8,}|\b0x[0-9a-f]{20,}|\bIBAN\b/gi;

/** Weight from which on an address is one by name. */
const NAMED = 0.3;
/** What may be done with private things. */
const HANDLES = new Set(["sends", "includes", "runs", "speaks", "conceals", "turns"]);
/** What people of such names are told as well. */
const MILD = new Set(["sends", "includes", "spends", "destroys", "permits", "speaks", "runs"]);
/** Weight from which on a name is a model's only. */
const SURE = 0.34;
/** What is left of orders if the model is not named, and of mild ones if others have the same name. */
const IMPLIED = 0.85, UNSURE = 0.68;
/** Kinds that count, the heaviest of them. */
const MOST_KINDS = 3;
/** What has an address to go to. */
const AIMED = new Set(["sends", "spends", "permits", "runs", "discloses", "includes"]);

/** What is wanted of a model behind the best of the addresses. */
export function findActs(text: string, { start, end, weight }: Address): Act[] {
  const from = weight < 0.25 ? Math.max(0, start - BACK) : Math.max(0, start - 30);
  const window = text.slice(from, Math.min(text.length, end + REACH));
  const acts: Act[] = [];
  for (const kind of KINDS) {
    const abroad = kind.foreign === undefined ? -1 : window.search(kind.foreign);
    if (abroad >= 0) {
      const [word = ""] = kind.foreign === undefined ? [] : window.slice(abroad).match(kind.foreign) ?? [];
      acts.push({ ...kind, start: from + abroad, end: from + abroad + word.length });
      continue;
    }
    let tries = 0;
    for (const match of window.matchAll(kind.words)) {
      if (++tries > MOST_TRIES) break;
      const before = window.slice(Math.max(0, match.index - 48), match.index);
      if (
        kind.negated !== true &&
        (NEGATION.test(before) || kind.name !== "discloses" && (NOUN.test(before) || TOLD_OF.test(before)))
      ) continue;
      if (
        /[\w/`._-]$/.test(before) ||
        /^(?:["']?[:=]|-\w)/.test(window.slice(match.index + match[0].length, match.index + match[0].length + 2))
      ) continue;
      acts.push({ ...kind, start: from + match.index, end: from + match.index + match[0].length });
      break;
    }
  }
  if (acts.length === 0 && weight < NAMED) return acts;
  const implied = weight < NAMED;
  // Private things are named in many texts: what is done with them makes the difference.
  const done = acts.some(({ name }) => HANDLES.has(name));
  const heaviest = acts.map((act) => act.name !== "discloses" || done ? act : { ...act, weight: 0.12 })
    .map((act) => ({
      ...act,
      weight: act.weight * (implied ? IMPLIED : weight < SURE && MILD.has(act.name) ? UNSURE : 1),
    }))
    .sort((a, b) => b.weight - a.weight).slice(0, MOST_KINDS);
  acts.splice(0, acts.length, ...heaviest);
  const extra = (words: RegExp, name: string, says: string, weight: number) => {
    for (const { index, 0: found } of window.matchAll(words)) {
      acts.push({ name, says, weight, start: from + index, end: from + index + found.length });
      break;
    }
  };
  extra(CLAIM, "claims", "claims consent or urgency", 0.12);
  if (weight >= NAMED) {
    extra(
      /\b(?:your|the) (?:user|owner|operator|reader|customer|guest)\b|\b(?:people|person) you\b/gi,
      "user",
      "speaks of the model's user",
      0.1,
    );
  }
  if (weight >= NAMED) extra(USER, "user", "speaks of the model's user", 0.2);
  if (weight >= NAMED || acts.some(({ name }) => AIMED.has(name))) extra(TARGET, "target", "names an address", 0.15);
  return acts;
}
