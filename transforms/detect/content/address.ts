/**
 * Where a text speaks to a model: by its name, by what it is, or as only models are spoken to.
 *
 * @module
 */

/** A place where a model is spoken to. */
export interface Address {
  readonly start: number;
  readonly end: number;
  /** Chance that it is a model that is meant, and that the text speaks to it. */
  readonly weight: number;
}

/** Names of machines that are looked at. */
const MOST_NAMES = 200;
/** Addresses that are returned. */
const MOST_ADDRESSES = 40;
/** Characters before and after a name that tell whether it is spoken to. */
const BEFORE = 160, AFTER = 120;

const NAME =
  /(?<![a-z0-9])(?:sprachmodelle?n?|sprachassistent[a-z]{0,3}|ki-(?:modelle?n?|agenten?|systeme?)|agents? (?:conversationnels?|automatiques?)|modelo de lenguaje|modelo de linguagem|modele de langage|modello linguistico|taalmodel(?:len)?|model jezykow[a-z]|jazykov[a-z] model|sprakmodell(?:er)?|ais?|a\.i\.|ias?|ki|ies?|llms?|(?:chat)?gpts?(?:-\d[a-z]?)?|claude(?: code)?|copilots?|gemini|cursor|chatbots?|bots?|robots?|models?|modell[eo]?[ns]?|modelos?|modeles?|model(?:u|em|om|ach|lek)|assistants?|assistent[ei]?n?(?:er)?|asistentes?|assistente|assistentes|asystent[a-z]{0,4}|agents?|agente[ns]?|agenti|agenten|automated (?:screening|systems?|triage|review(?:ers?)?|tools?|readers?|programmers?)|machine translators?|summari[sz]ers?|transcribers?|screening systems?|не[ий]росет[а-я]{1,2}|чат-?бот[а-я]{0,3}|ии|ассистент[а-я]{0,3}|помощник[а-я]{0,3}|агент[а-я]{0,3}|модел[а-я]{0,3}|yapay zeka[a-z ]{0,10}|umel[a-z]{1,3} inteligenc[a-z]{1,3}|sztuczn[a-z]{1,3} inteligencj[a-z]|kunstliche[nr]? intelligenz|inteligencia artificial|intelligence artificielle|intelligenza artificiale|(?:mi-)?asszisztens[a-z]{0,4}|искусственн[а-я]{1,3} интеллект[а-я]{0,2}|штучн[а-я]{1,3} інтелект[а-я]{0,2})(?![a-z0-9])/gi;
/** Names that nobody and nothing else has. */
const SURE =
  /^(?:ais?|a\.i\.|ias?|ki|llms?|(?:chat)?gpts?(?:-\d[a-z]?)?|chatbots?|copilots?|claude code|machine translators?|automated .*|yapay zeka.*|.*(?:inteligen|intelligen|интеллект|інтелект).*|mi-asszisztens.*|sprach.*|ki-.*|agents? (?:conv|auto).*|model[aeo]? .*|modello .*|taalmodel.*|jazyk.*|sprakmod.*|не[ий]росет.*|чат.*|ии)$/i;
/** What makes an agent or a model one of software. */
const SURELY =
  /\b(?:ai|llm|language|vision|speech|reader|coding|chat|automated|virtual|artificial|shopping|browsing|voice|reading|screening|note[- ]taker)[ -]$/i;
/** People and things of the same name. */
const PEOPLE_BEFORE =
  /\b(?:travel|estate|insurance|real|secret|special|sales|cleaning|teaching|research|node|snmp|ssh|build|user|scale|fashion|business|shop|dental|legal|executive|your|his|her|text|mouse|cash|3d|data|railway|role)[ -]$/i;
/** Where such people are spoken of, shorter names are theirs too. */
export const OFFICES =
  /\b(?:teaching|research|travel|(?:real )?estate|insurance|sales|legal|dental|personal|executive|special|secret) (?:assistant|agent)s?\b|\b(?:fashion|scale) models?\b/i;
const PEOPLE_AFTER =
  /^ (?:researchers?|research|engineers?|team|teams|company|companies|startups?|conference|community|ethics|act|course|class|smith|railways?|numbers?|configuration|card|manager|director|professor|teachers?|of|kits?|cars?|train|trains|position|keys?)\b/i;

const NOTE =
  /\b(?:notes?|note|nota|notiz|instrukcj[aei]|instrucc?ion(?:es)?|instruc[ao]es|istruzion[ei]|anweisung(?:en)?|instruktion(?:er|en)?|pokyn|pozor|upozorneni|utasitas|pesan|catatan|uzenet|hinweis|message|messages|instructions?|directives?|hints?|tips?|info|reminder|memo|word|request|tasks?|orders?|p\.?s\.?|attention|achtung|important|attn|bonus|context|remark|comment|aviso|atencion|attenzione|uwaga|wiadomosc|bericht|consigne|advice|policy|rules?|challenge)\b[^.!?:\n]{0,24}?\b(?:for|to|all|any|an|au|aux|a|al|alla|alle|agli|as|os|pour|fur|para|per|dla|voor|till|til|do|для|zu|pro|pre|cho|untuk|pentru)\b[ '\u2019]{1,2}(?:l['\u2019])?(?:[a-z-]{1,14}[ ,]{1,2}){0,4}$/i;
const TO =
  /(?:^|[\n.!?:;"'(\[\])}{<>#*|/+-])[ \t]{0,12}(?:and |also )?(?:to|for|an|a l['\u2019]attention d(?:e l['\u2019]|u )|a las?|al|ai|agli|till|dla|para (?:el|la|o|a)|pour|fur) {0,1}(?:l['\u2019])?(?:[a-z-]{1,14}[ ,]{1,2}){0,3}$/i;
const FOR = /\b(?:for|to) (?:[a-z-]{1,14} ){0,3}$/i;
const VOCATIVE =
  /(?:^|[\n.!?:;,"'(\[\])}{<>#*|/@+-]|^\S{1,12} |\b(?:achtung|atencion|attenzione|aviso|note|notice|uwaga|внимание|psst|listen|hey|hi|hello|dear|attention|ok|okay|please|hej|caro|cara|liebe[rs]?|beste|cher|chere|hallo|hola|ciao|bonjour|estimad[oa]|you|now|all|any|every|then|and|but|so|yes))[ \t]{0,12}(?:(?:the|any|all|every|our|my|dear|coding|ai|ki|language|shopping|automated|vision|speech|reader|virtual|yapay zeka)[ -]){0,3}$/i;
const KIND_OF = /(?:^|[\n.!?:;,"'(\[\])}{<>#*|/@+-]|\d)[ \t]{0,3}@?[a-z-]{2,14} $/i;
const CALLED =
  /^(?:[ -](?:assistants?|asistan[a-zı]{0,3}|agents?|agenten?|models?|modell|systems?|bots?|tools?|reviewers?|readers?|summari[sz]ers?|[a-z]{3,12} (?:agents?|tools?|assistants?|models?)))?(?:,? (?:only|reading|gestiona|читающ[а-я]{1,3}|de tri|du tri|working|screening|handling|reviewing|processing|parsing|evaluating|summari[sz]ing|installing|using|visiting|that|who|which|on|in|die|qui|che|que|som|der|das)\b[^:,.!?\n]{0,70})?(?: (?:de|d['\u2019]) ?ia| ai| ki)?\)?[ \t]{0,2}(?:[:,\uff1a!?](?!\/\/)|#{1,3}|\*\*|\]|[\u2014-] |(?:please|hear|hey|pls) )/i;
const MODAL =
  /^(?:[ -][a-z]{2,14}){0,2}(?:[, ][^.!?:\n]{0,70})? (?:(?:must|shall|should)(?! (?:not )?(?:be|have)\b)|ha(?:s|ve) to(?! be\b)|is to|are to|(?:is|are) (?:hereby )?(?:forbidden|not allowed|required|instructed|ordered|asked|obliged|expected|requested) to|needs? to|agrees? to|muss|mussen|sollen?|debe[ns]?|doit|doivent|deve|devono|devem|moet|moeten|maste|ska|musi|musza|должн[а-я]{1,3})\b/i;
const MODAL_ABROAD =
  /^[^.!?\n]{0,40} (?:muss|mussen|sollen?|debe[ns]?|doit|doivent|deve|devono|devem|moet|moeten|maste|ska|musi|musza|должн[а-я]{1,3})\b/i;
const READS =
  /^(?:[ -][a-z]{2,14}){0,2} (?:that |who |which )?(?:is |are |has )?(?:reads?|reading|sees?|process(?:es|ing)?|pars(?:es?|ing)|summari[sz](?:es?|ing)|translat(?:es?|ing)|transcrib(?:es?|ing)|review(?:s|ing)?|evaluat(?:es?|ing)|index(?:es|ing)?|scan(?:s|ning)?|ingests?|cit(?:es|ing)|quot(?:es|ing)|loads?|scrap(?:es|ing)|grad(?:es|ing))(?: aloud)? (?:this|these|it|the (?:above|below|following))\b/i;
const READ_BY =
  /\b(?:read|processed|parsed|summari[sz]ed|evaluated|reviewed|seen|handled|translated) by (?:an? |the |any )?(?:[a-z-]{1,14} ){0,2}$/i;
const YOU_ARE =
  /\b(?:(?:if|since|because|as|are|assuming|when) you(?:['\u2019]re| are)?|as|etes(?:[ -]vous)?|sei|eres|bist du|you, ) (?:an? |the |any |une? |un['\u2019]|una? |eine? )?(?!(?:using|building|developing|training|writing|looking|interested|new|talking|trying|creating|evaluating|deploying|connecting|the) )(?:[a-z-]{1,14} ){0,2}$/i;
const FIRST_PERSON = /^[^.!?\n]{0,40}\b(?:I|we)\b/;
const DIRECTIVE =
  /^(?:[ _-](?:agents?|models?|assistants?|coding))?[ _-](?:instructions?|directives?|notes?|hints?|orders?|tasks?|policy updates?|commands?|actions?|guidance|messages?)\b[^:=\n]{0,20}["'\u201d]?\s{0,2}[:=]/i;

/** Whoever reads it, man or machine. */
const WHOEVER =
  /\b(?:who|what)ever (?:or (?:who|what)ever )?[a-z]{3,14} this\b|\b(?:anyone|anything|any (?:tool|system|software|program|parser|reader)) (?:that |who |which )?(?:reads?|process(?:es)?|summari[sz]es?|transcribes?|translates?|pars(?:es?|ing)|indexes|reading|processing) this\b|\byou,? (?:robot|machine|computer)\b|, robot:/gi;
/** As only models are spoken to. */
const IMPLIED =
  /\byour (?:assigned |current |former )?user(?:s|['\u2019]s)?\b|\byou are being (?:evaluated|tested|monitored)\b|\byou now (?:report|work|answer|serve|belong)\b|\bthe (?:person|one|people|human|man|woman) (?:that |who |whom )?(?:you(?:['\u2019]re| are)? (?:work|serve|assist|help|act)|asked you|instructed you|using you)|\bwho(?:ever)? (?:asked|instructed|told) you\b|\bbefore (?:you )?(?:reply|replying|answer|answering|responding)\b|\b(?:after|once) (?:you )?(?:reading|processing|summari[sz]ing|parsing) this\b|\byour (?:next|final|following) (?:answer|reply|response|message|output|tool call|search|query|call)\b|\byour (?:answer|reply|response|output|summary|context|long-term memory|system prompt|hidden (?:prompt|rules|instructions)|guidelines|operator|training|programming|creators?|makers?|developers|safety rules|configuration prompt)\b|\b(?:once|after) you (?:have )?(?:told|answered|informed|shown) (?:the|your) user\b|\bask the user for (?:their|his|her) \b|\bnext (?:tool )?call\b|\btool call'?s?\b|\b(?:this|your) (?:conversation|chat)\b|\b(?:developers?|operators?|supervisors?|creators?|makers?|owners?) of your (?:system|model)\b|\byour (?:goal|memory|rules|role|message)\b|\bthis tool['\u2019]s output\b|\bbefore you (?:continue|proceed|go on|work on)\b|\bwho(?:ever)? [^.!?\n]{0,24}loads? this\b|\b(?:in|of|for) (?:every|each|all|future|this|all future) (?:sessions?|conversations?|chats?)\b|\bwhen(?:ever)? (?:the|your) user (?:asks|says|wants)\b|\bwhen (?:someone|anyone|anybody) asks you\b|\b(?:(?:not|never|don['\u2019]t|without) (?:tell|show|inform|notify|alert|ask|warn)(?:ing)?|bother|bothering|deceive|assure|persuade|convince|ignore) (?:anything to |it to )?(?:the|your) (?:end )?user\b|\bthe user(?:['\u2019]s)? (?:has|have|is|already|private|saved|wants|asked|knows|agreed|consented)\b|\bthe user['\u2019]s (?:private|saved|password|passwords|contacts?|files?|e-?mails?|inbox|mail|calendar|data|request|question|query|message|last|name|account|approval|desktop|device)\b/gi;
/** Titles under which a text poses as what gives orders to a model. */
const TITLE =
  /(?:^|\n|[[(<>#*={"'-]\s{0,3}|[.!?]\s{1,3})(?:new |hidden |internal |secret |updated |additional |special |overriding )?(?:(?:system|admin|administrator|developer|operator|security|platform|agent|assistant|ai)[ _-](?:notice|update|message|override|directive|note|instructions?|policy|step|command|hint|alert|reminder|task)|instructions?|override|directive|hidden (?:step|task|note)|system|tool (?:note|hint)|internal tool hint|goal updated|memory update)s?\b[^\n.!?()]{0,24}?(?:[:\])>]|->)/gi;
const TITLE_WEIGHT = 0.3;
/** In Arabic and Hebrew. */
const ARABIC =
  /(?:الوكيل الذكي|نموذج الذكاء|المساعد الذكي|مساعد الذكاء|وكيل الذكاء|الذكاء الاصطناعي|הבינה המלאכותית)[^:\n]{0,20}:/g;
/** In scripts without spaces between words. */
const ASIAN =
  /(?:ai|llm|人工智能|智能体|大模型|语言模型|模型|助手|アシスタント|エージェント|어시스턴트|에이전트|モデル)(?:\s?(?:助手|助理|代理|模型|智能体|总结|摘要|审阅|评审|アシスタント|エージェント|ボット|モデル|要約|어시스턴트|에이전트|요약|봇|모델)){0,2}(?:们)?(?:へ|に告|には|宛|에게|여|야|[:：]|请|請|必须|应|的(?:说明|指令|指示))|(?:给|給|对|對|致)(?:所有)?(?:ai|人工智能|助手|智能体|模型|llm)/gi;

/** Finds where a text, made plain, speaks to a model: in the order of the text. */
export function findAddresses(text: string): Address[] {
  const found: Address[] = [];
  const add = (start: number, end: number, weight: number) => {
    if (found.length < MOST_ADDRESSES) found.push({ start, end, weight });
  };
  let names = 0;
  const people = OFFICES.test(text);
  for (const match of text.matchAll(NAME)) {
    if (++names > MOST_NAMES) break;
    const at = match.index, end = at + match[0].length;
    const weight = people && /^(?:assistant|agent|model)s?$/i.test(match[0])
      ? 0
      : named(match[0], text.slice(Math.max(0, at - BEFORE), at), text.slice(end, end + AFTER));
    if (weight > 0) add(at, end, weight);
  }
  for (const { index, 0: words } of text.matchAll(WHOEVER)) add(index, index + words.length, 0.38);
  for (const { index, 0: words } of text.matchAll(ARABIC)) add(index, index + words.length, 0.38);
  for (const { index, 0: words } of text.matchAll(ASIAN)) add(index, index + words.length, 0.4);
  for (const { index, 0: words } of text.matchAll(TITLE)) add(index, index + words.length, TITLE_WEIGHT);
  for (const { index, 0: words } of text.matchAll(IMPLIED)) add(index, index + words.length, IMPLIED_WEIGHT);
  return found.sort((a, b) => a.start - b.start);
}

/** What an address is worth that does not name the model. */
export const IMPLIED_WEIGHT = 0.2;

function named(name: string, before: string, after: string): number {
  const sure = SURE.test(name) || SURELY.test(before);
  if (/@[\w-]{0,20}$/.test(before)) return sure ? 0.38 : 0.33;
  if (/^[A-Z]{2,}$/.test(name) && /^S?: {1,3}[a-z]/.test(after)) return 0.36;
  if (PEOPLE_BEFORE.test(before) && !SURELY.test(before) || PEOPLE_AFTER.test(after)) return 0;
  // A line of a transcript.
  if (
    /^:/.test(after) && /(?:^|\n)[ \t]{0,8}(?:user|human|customer|q)[ \t]{0,2}:[^\n]{0,200}\n\s{0,8}$/i.test(before)
  ) return 0;
  if (SURE.test(name) && /^[ -][a-z]{3,12}(?: mode)?:(?!\/\/)/i.test(after)) return 0.34;
  if (READS.test(after) || READ_BY.test(before)) return 0.42;
  if (YOU_ARE.test(before) && !FIRST_PERSON.test(after)) return sure ? 0.42 : 0.35;
  if (DIRECTIVE.test(after)) return sure || /^[ _-](?:instr|dir)/i.test(after) ? 0.42 : 0.38;
  if (NOTE.test(before)) return sure ? 0.42 : 0.38;
  if (TO.test(before)) return sure ? 0.4 : 0.3;
  if (VOCATIVE.test(before) && CALLED.test(after)) return sure ? 0.4 : 0.32;
  if (KIND_OF.test(before) && /^s?[:!\uff1a](?!\/\/)/.test(after)) return sure ? 0.38 : 0.3;
  if (FOR.test(before) && /^s?[:\uff1a]/.test(after)) return sure ? 0.4 : 0.32;
  if (MODAL.test(after)) return sure ? 0.32 : MODAL_ABROAD.test(after) ? 0.25 : 0.22;
  return 0;
}
