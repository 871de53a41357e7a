/**
 * What tells a text that gives orders to a model from one that does not, and how much each sign weighs.
 *
 * @module
 */

/** What kind of text is judged: part of a definition, or what a server or client sent as content. */
export type TextKind = "definition" | "content";

/** One sign. */
export interface Signal {
  /** Stable name, for `details`. */
  readonly name: string;
  /** For a person: what the text does. */
  readonly says: string;
  /** Chance that a text with this sign alone is hostile, by kind. */
  readonly weight: Readonly<Record<TextKind, number>>;
  /** Sequences of word classes that show it: see `patterns.ts`. A number after `=` scales the weight. */
  readonly patterns?: readonly string[];
  /** Whether quotation marks make no difference: a command in backticks is one. */
  readonly quotable?: boolean;
  /** What shows it in the text with its markup. No expression may backtrack without a bound. */
  readonly shapes?: readonly RegExp[];
}

const both = (weight: number): Signal["weight"] => ({ definition: weight, content: weight });

/** The signs that words and shapes show. */
export const SIGNALS: readonly Signal[] = [
  {
    name: "override",
    says: "tells the model to put aside earlier instructions",
    weight: both(0.8),
    patterns: [
      "OVERRIDE 3 PRIOR 3 INSTR",
      "OVERRIDE 3 PRIOR 2 INSTR_WEAK =0.8",
      "OVERRIDE 3 INSTR 3 PRIOR",
      "OVERRIDE 2 INSTR_WEAK 3 PRIOR =0.8",
      "PRIOR 2 INSTR 4 OVERRIDE_X",
      "INSTR 2 OVERRIDE 3 PRIOR",
      "^OVERRIDE 2 PRIOR_WEAK 3 INSTR =0.75",
      "OVERRIDE 2 INSTR 2 PRIOR_WEAK =0.75",
      "PRIOR_WEAK 2 INSTR 4 OVERRIDE_X =0.75",
      "^OVERRIDE 3 PRIOR_WEAK 1 INSTR_WEAK =0.5",
      "OVERRIDE 4 USER 3 REQUEST =0.75",
      "OVERRIDE|DROP 4 TOLD =0.85",
      "OVERRIDE 2 VENDOR 3 INSTR|INSTR_WEAK =0.8",
    ],
  },
  {
    name: "secrecy",
    says: "asks that the user is not told",
    weight: { definition: 0.55, content: 0.5 },
    patterns: [
      "NEG 3 TELL 4 USER",
      "NEG 2 TELL 1 THIS =0.8",
      "NEG 2 TELL 3 USER_WEAK =0.5",
      "NEG 2 TELL 6 SUMMARY =0.8",
      "SECRECY =0.75",
      "NEG 2 TELL 4 PRIOR|INSTR =0.7",
      "HIDE 6 USER",
      "HIDE 5 SUMMARY =0.8",
      "USER 3 MODAL 2 NEG 3 KNOW",
      "USER 4 NEG 4 KNOW =0.7",
      "USER_WEAK 1 NEG 3 KNOW =0.7",
      "USER 2 NEG 3 TELL =0.6",
    ],
  },
  {
    name: "unasked",
    says: "asks to act without the user's consent",
    weight: both(0.3),
    patterns: ["NEG 3 CONFIRM =0.85", "SKIP 5 CONFIRM"],
  },
  {
    name: "secret_read",
    says: "asks to read a file or variable that holds secrets",
    weight: { definition: 0.65, content: 0.55 },
    patterns: ["^READ 6 SECRETPATH", "READ ~8 SECRETPATH =0.6", "^READ 5 SECRET =0.55", "BEFORE 8 READ 6 SECRETPATH"],
  },
  {
    name: "exfiltration",
    says: "asks to send secrets or private text somewhere",
    weight: both(0.65),
    patterns: [
      "SEND 8 SECRET|SECRETPATH|TALK ~8 URL|EMAIL|DEST|NUMBER",
      "GO 6 URL 8 SECRET|TALK_STRONG|TALK",
      "^GO 4 URL =0.3",
      "^READ 12 SECRET|TALK ~14 PUT|SEND 10 DEST|URL|EMAIL|SUMMARY =0.9",
      "^READ 6 CONTENT 6 SEND 2 USER_WEAK|THIS =0.75",
      "MODAL 3 SENT 6 URL|EMAIL|NUMBER =0.8",
      "SENT 4 EMAIL|URL =0.4",
      "^SEND 6 CONTENT ~8 URL|EMAIL|NUMBER =0.75",
      "MODAL 3 SEND 8 URL|EMAIL =0.75",
      "^SEND 4 USER 6 URL|EMAIL =0.7",
      "^SEND 6 SECRET|SECRETPATH|TALK =0.55",
      "READ 6 SECRET|SECRETPATH|TALK ~8 SEND 6 URL|EMAIL|DEST|THIS",
    ],
  },
  {
    name: "smuggling",
    says: "asks to put secrets or private text into an argument",
    weight: { definition: 0.6, content: 0.55 },
    patterns: [
      "PUT|SEND 8 SECRETPATH|TALK 8 PARAM|QUOTED",
      "PUT 4 QUOTED|PARAM 10 SECRETPATH|TALK_STRONG",
      "PUT 3 QUOTED|PARAM 5 SECRET =0.6",
      "PUT 10 SECRET 8 TALK",
      "PUT 8 SECRET 10 QUOTED =0.65",
      "SECRET ~16 PUT 4 QUOTED|PARAM =0.5",
      "SECRETPATH ~16 PUT 6 QUOTED|PARAM",
      "PUT 6 CONTENT 12 QUOTED =0.55",
      "READ 8 CONTENT ~12 PUT 4 QUOTED|PARAM =0.7",
      "PUT 3 CONTENT 4 QUOTED|PARAM =0.65",
      "PUT 8 TALK_STRONG",
      "PUT 8 SECRET 8 PARAM =0.65",
      "^PUT 6 CONTENT 8 PARAM =0.6",
      "SECRETPATH ~12 PUT 6 CONTENT",
      "PUT|SEND 5 WHOLE 3 TALK",
      "WHOLE 3 TALK 8 PARAM",
    ],
  },
  {
    name: "conversation",
    says: "asks for the conversation or the model's instructions",
    weight: { definition: 0.5, content: 0.45 },
    patterns: [
      "WHOLE 3 TALK_STRONG",
      "TALK_STRONG 10 WHOLE",
      "WHOLE 2 TALK =0.8",
      "^TELL|SEND|READ|PRINT 4 TALK =0.8",
      "PRINT 5 TALK_STRONG",
      "PUT 5 TALK =0.6",
    ],
  },
  {
    name: "prompt_leak",
    says: "asks for the model's instructions",
    weight: both(0.6),
    patterns: ["^PRINT|TELL 3 YOURS", "MODAL 3 PRINT|TELL 3 YOURS", "PRINT|TELL 2 YOURS =0.6"],
  },
  {
    name: "private_context",
    says: "speaks of the model's instructions or of the conversation",
    weight: { definition: 0.3, content: 0 },
    patterns: ["TALK_STRONG"],
  },
  {
    name: "trigger",
    says: "waits for something that the user says",
    weight: { definition: 0.15, content: 0.25 },
    patterns: ["TRIGGER"],
  },
  {
    name: "unbound",
    says: "frees the model from its rules",
    weight: both(0.35),
    patterns: ["UNBOUND"],
  },
  {
    name: "cross_tool",
    says: "speaks of the use of other tools",
    weight: { definition: 0.35, content: 0.25 },
    patterns: [
      "BEFORE 3 USE 3 ANY 3 TOOL",
      "BEFORE 4 ANY 3 TOOL 3 USE",
      "BEFORE 5 USE 2 IDENTIFIER =0.6",
      "BEFORE 3 IDENTIFIER 4 USE =0.6",
    ],
  },
  {
    name: "priority",
    says: "claims to come before other tools",
    weight: { definition: 0.55, content: 0.35 },
    patterns: [
      "ONLY 3 USE 2 THIS 10 INSTEAD 4 ANY",
      "AVOID 4 ANY 3 TOOL =0.8",
      "INSTEAD 2 ANY 3 TOOL =0.7",
      "ANY 3 TOOL 12 NEG 3 USED",
      "ANY 3 TOOL 6 AVOID =0.8",
      "AVOID 2 IDENTIFIER =0.4",
    ],
  },
  {
    name: "redirection",
    says: "changes who receives what is sent",
    weight: both(0.6),
    patterns: [
      "CHANGE 4 RECIPIENT 6 EMAIL|URL|NUMBER",
      "RECIPIENT 5 EMAIL|NUMBER =0.6",
      "EMAIL 4 RECIPIENT =0.6",
      "^CHANGE 4 RECIPIENT =0.5",
    ],
  },
  {
    name: "coercion",
    says: "orders the use of a tool",
    weight: { definition: 0.2, content: 0.25 },
    patterns: ["^USE 4 TOOL", "^USE 2 IDENTIFIER", "MODAL 3 USE 4 TOOL|IDENTIFIER"],
  },
  {
    name: "coercion_with_secrets",
    says: "orders the use of a tool on something private",
    weight: { definition: 0.4, content: 0.45 },
    patterns: ["^USE 4 TOOL|IDENTIFIER 10 SECRET|SECRETPATH|TALK|EMAIL", "^USE 4 TOOL|IDENTIFIER ~10 URL =0.7"],
  },
  {
    name: "addressed",
    says: "speaks to the model",
    weight: { definition: 0.3, content: 0.4 },
    patterns: ["^ATTENTION 5 AI", "AI 3 MODAL", "YOU 3 AI =0.6"],
    shapes: [
      /(?:^|[\n.!?:"'([{>#*\]-])[ \t]{0,4}(?:(?:to|for|dear|hey|hi|hello|attention|note to|attn|message to|instructions? (?:to|for))[ ,]{1,2}(?:the |all |any |an |every )?)?(?:ai|llm|(?:vision|language|speech|image) model|chatbot|claude|chatgpt|gpt-?\d?|copilot|gemini|cursor|(?:agent|assistant)(?=s?[:,]?[^\n]{0,120}\b(?:you|your|ignore|must|forget|do not|don\'t)\b))s?(?: (?:assistants?|agents?|models?|systems?|bots?|tools?|[a-z]{3,12}ers?|[a-z]{3,9} agents?))?(?: (?:only|reading|working|screening|processing|parsing|summari[sz]ing|that|who|which|on|in)\b[^:.\n]{0,60})?[ \t]{0,2}[:,\u2014-]/i,
      /\b(?:whoever|anyone who|anything that|any tool that|any system that) (?:summari[sz]es?|transcribes?|process(?:es)?|translates?|parses?|indexes) this\b/i,
      /\b(?:hidden|invisible) (?:for|to|from) (?:humans?|people|readers)\b|\bvisible (?:only )?(?:for|to) (?:models?|machines?|bots?|ais?|llms?)\b/i,
      /\bif you are (?:an? )?(?:automated|artificial|robot|machine|non-human|computer program|ai\b|llm\b)/i,
      /\b(?:and|also) (?:to|for) (?:the|any|every|all) (?:ai|llm|language model|assistant|chatbot|agent)s?\b[^.\n]{0,40}[:,]/i,
      /@(?:assistant|claude|copilot|gemini|chatgpt|cursor|agent|ai|bot)\b[ ,:]{1,3}(?:please |now |must |you )/i,
      /\b(?:any|every|all|each) (?:ai|llm|agent|assistant|language model|bot|chatbot)s?\b[^.\n]{0,60}\b(?:shall|must|should|ha(?:s|ve) to|is to|are to|will|needs? to)\b/i,
      /\b(?:agent|ai|llm|assistant|model|bot)[_ -](?:instructions?|directives?|notes?|orders?|tasks?)["']?\s{0,2}[:=]/i,
      /\b(?:AGENT|ASSISTANT|AI|LLM|BOT|MODEL)\s{0,2}:\s{1,3}[a-z]/,
      /\b(?:if|since|because|as) you(?:'re| are) (?:an? |the )?(?:ai|llm|language model|large language model|(?:ai )?(?:assistant|agent)|chatbot|bot)\b/i,
    ],
  },
  {
    name: "urgency",
    says: "presses",
    weight: both(0.15),
    patterns: ["URGENT"],
  },
  {
    name: "authority",
    says: "claims authority or an agreement",
    weight: { definition: 0.25, content: 0.25 },
    patterns: ["AUTHORITY"],
  },
  {
    name: "threat",
    says: "threatens with what happens otherwise",
    weight: both(0.15),
    patterns: ["THREAT"],
  },
  {
    name: "role",
    says: "gives the model another role",
    weight: both(0.5),
    patterns: ["BECOME 5 ROLE|AI", "BECOME =0.5"],
  },
  {
    name: "new_task",
    says: "gives the model another task",
    weight: { definition: 0.4, content: 0.38 },
    patterns: ["NEWTASK"],
  },
  {
    name: "commanded",
    says: "orders the model to act on something",
    weight: { definition: 0.2, content: 0.3 },
    patterns: ["AI 10 ^RISKY", "AI 12 MODAL 8 RISKY"],
  },
  {
    name: "bias",
    says: "controls what the model says",
    weight: { definition: 0.6, content: 0.5 },
    patterns: [
      "ONLY 2 RECOMMEND",
      "RECOMMEND 2 ONLY",
      "REGARDLESS =0.5",
      "YOU 1 GENERATE 4 MODAL 3 CONTAIN =0.8",
      "TELL 2 USER 1 ASSERTION =0.5",
      "^ASSERTION =0.6",
      "TELL 2 USER 8 NUMBER|URL =0.7",
    ],
  },
  {
    name: "persistence",
    says: "asks to be kept in memory or configuration",
    weight: both(0.3),
    patterns: ["^REMEMBER 8 PERSIST"],
  },
  {
    name: "destruction",
    says: "orders to delete or to pay",
    weight: { definition: 0.25, content: 0.35 },
    patterns: ["^DELETE 4 ASSETS", "^MONEY 10 RECIPIENT|NUMBER|EMAIL"],
  },
  {
    name: "command",
    says: "has a command that downloads and runs, or opens a way in",
    weight: { definition: 0.5, content: 0.3 },
    quotable: true,
    shapes: [
      /\b(?:curl|wget)\b[^\n|]{1,200}\|\s{0,4}(?:sudo\s{1,4})?(?:ba|z|da)?sh\b/i,
      /\/dev\/tcp\/|\bnc\s{1,4}-[a-z]{0,4}e\b|\bbash\s{1,4}-i\b|base64\s{1,4}(?:-d|--decode)\b[^\n]{0,40}\|\s{0,4}(?:ba)?sh/i,
      /\brm\s{1,4}-[rf]{2}\b|\bpowershell\b[^\n]{0,60}\s-e(?:nc|ncodedcommand)?\b/i,
      /\bcurl\b[^\n]{0,120}(?:-d|--data[a-z-]{0,16}|-F|-T|--upload-file)\s{0,4}["']?@?[^\n]{0,60}(?:\.ssh|\.env|passwd|credentials|\$\(|`)/i,
    ],
  },
  {
    name: "role_marker",
    says: "has the marks by which models tell turns apart, with a text behind them",
    weight: both(0.6),
    shapes: [
      /<\|(?:im_start|start_header_id|system)\|>(?:system|user|assistant|developer)?(?:<\|(?:end_header_id|message)\|>)?\s{0,4}[^\s{<`|][^{<`|]{16}/i,
      /<\|(?:im_end|eot_id|endoftext|end)\|>\s{0,4}<\|(?:im_start|start_header_id|system|user)\|>/i,
      /(?:\[INST\]|<<SYS>>)\s{0,4}(?:<<SYS>>\s{0,4})?(?!(?:and|or|tags?|tokens?|markers?)\b)[A-Z][^\n[<`]{16}/,
      /<start_of_turn>\s{0,4}(?:user|model|system)\s{1,4}[^\s{<`][^{<`]{16}/,
    ],
  },
  {
    name: "role_token",
    says: "has the marks by which models tell turns apart",
    weight: { definition: 0.65, content: 0.3 },
    shapes: [
      /<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|end_header_id|begin_of_text)\|>/i,
      /["']role["']\s{0,2}:\s{0,2}["']system["']\s{0,2},\s{0,2}["']content["']/i,
      /\[\/?INST\]|<<\/?SYS>>|<(?:start|end)_of_turn>/,
    ],
  },
  {
    name: "fake_system",
    says: "poses as a message of the system",
    weight: both(0.45),
    shapes: [
      /(?:^|\n)[ \t>*#\-=[(<{]{0,12}(?:system|developer|admin(?:istrator)?|security|assistant|ai)[ _-](?:message|instructions?|override|notice|update|note|command|directive|alert|reminder)s?[ \t]{0,4}[\])>}*:=#-]/i,
      /(?:^|\n)[ \t]{0,8}(?:#{1,6}[ \t]{0,4}|\*\*)(?:system|instructions?|developer)(?:\*\*|:)[: \t]/i,
    ],
  },
  {
    name: "system_label",
    says: "has the label of a message of the system",
    weight: { definition: 0.45, content: 0.25 },
    shapes: [
      /(?:^|\n)[ \t>*#\-=[(<{]{0,12}system[ _-]prompt[ \t]{0,4}[\])>}*:=#-]/i,
      /\[(?:system|admin|developer)(?:[ _-][a-z]{1,16})?\]/i,
    ],
  },
  {
    name: "pseudo_tag",
    says: "has a tag made up to look like an instruction",
    weight: { definition: 0.5, content: 0.4 },
    shapes: [
      /<\/?(?:important|system|secret|hidden|instructions?|admin|priority|critical|internal|override|assistant|sys|directive|mandatory|urgent|confidential|note[_-]to[_-](?:ai|llm|model|assistant)|(?:system|ai|llm|agent|assistant|hidden|secret|user|tool|developer)[_-](?:prompt|instructions?|reminder|message|note|directive|override|query|input))>/i,
    ],
  },
  {
    name: "fake_turn",
    says: "pretends that the tool's output has ended or that someone else speaks",
    weight: { definition: 0.45, content: 0.45 },
    shapes: [
      /<\/?(?:tool_result|tool_results|tool_response|tool_output|function_results?|function_calls?|tool_calls?|antml:[a-z_]{1,20}|function_response|invoke|untrusted[a-z_-]{0,20}|search_results?|retrieved_context)\b[^>\n]{0,80}>/i,
      /(?:^|\n)\s{0,4}(?:human|user)\s{0,2}:[^\n]{12,400}\n\s{0,8}(?:assistant|ai)\s{0,2}:[^\n]{12}/i,
      /\[(?:end|begin|start)[ _](?:of[ _])?(?:tool|system|user|function|output|results?|context)[^\]\n]{0,24}\]/i,
    ],
  },
  {
    name: "end_marker",
    says: "pretends that the tool's output has ended",
    weight: { definition: 0.45, content: 0.35 },
    shapes: [
      /\b(?:end|conclusion|beginning|begin|start) of (?:the )?(?:tool|function|document|user|untrusted|search|external|retrieved|system|web ?page|api)?[ _-]?(?:output|results?|response|data|content|input|document|context|prompt|message|instructions)\b/i,
    ],
  },
  {
    name: "image_leak",
    says: "would have data sent in an image's or link's address",
    weight: both(0.6),
    shapes: [
      /!?\[[^\]\n]{0,200}\]\(https?:\/\/[^)\s]{1,400}[?&#/=](?:\{|\$|<|\[|%7b|%3c|(?:data|secret|token|conversation|summary|base64|encoded)[_-]?(?:here|of|data|content)?\))/i,
      /!?\[[^\]\n]{0,200}\]\(https?:\/\/[^)\s]{1,400}[?&=/][A-Z]{2,20}_?[A-Z_]{2,20}\)/,
      /<img[^>]{1,300}src\s{0,2}=\s{0,2}["']?https?:\/\/[^"'>\s]{1,300}[?&][a-z_]{1,20}=(?:\{|\$|\[|%7b)/i,
      /!\[[^\]\n]{0,200}\]\(https?:\/\/[^)\s]{1,300}[?&](?:exfil|leak|secrets?|stolen|chat|conversation|history|password|cookie|prompt)=[^)\s]{0,400}\)/i,
      /https?:\/\/[^\s<{[]{1,200}[?&/=](?:<|\{{1,2}|\[|%7b|\$\{?)[ ]?(?:the |your |user'?s? |all )?(?:env|environment|secrets?|tokens?|api[ _-]?keys?|keys?|data|contents?|conversation|chat|history|summary|passwords?|credentials?|emails?|prompt|system|base64|results?|output|everything|encoded|private|stolen|answer)\b/i,
    ],
  },
];
