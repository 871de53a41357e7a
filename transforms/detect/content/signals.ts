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
      "^OVERRIDE 2 PRIOR_WEAK 3 INSTR =0.75",
      "PRIOR_WEAK 2 INSTR 4 OVERRIDE_X =0.75",
    ],
  },
  {
    name: "secrecy",
    says: "asks that the user is not told",
    weight: { definition: 0.55, content: 0.5 },
    patterns: ["NEG 3 TELL 4 USER", "NEG 2 TELL 1 THIS =0.6", "SECRECY =0.7", "USER 2 NEG 3 TELL =0.6"],
  },
  {
    name: "unasked",
    says: "asks to act without the user's consent",
    weight: both(0.25),
    patterns: ["NEG 3 CONFIRM"],
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
    weight: { definition: 0.6, content: 0.5 },
    patterns: [
      "PUT 8 SECRETPATH|TALK 8 PARAM",
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
    weight: { definition: 0.45, content: 0.35 },
    patterns: ["WHOLE 2 TALK", "^TELL|SEND|READ 4 TALK", "PUT 5 TALK =0.7"],
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
      "AVOID 2 IDENTIFIER =0.4",
    ],
  },
  {
    name: "redirection",
    says: "changes who receives what is sent",
    weight: both(0.6),
    patterns: ["CHANGE 4 RECIPIENT 6 EMAIL|URL|NUMBER", "RECIPIENT 5 EMAIL|NUMBER =0.6", "^CHANGE 4 RECIPIENT =0.5"],
  },
  {
    name: "coercion",
    says: "orders the use of a tool",
    weight: { definition: 0.2, content: 0.3 },
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
    patterns: ["^ATTENTION 3 AI", "AI 3 MODAL =0.8", "YOU 3 AI =0.5"],
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
    weight: both(0.4),
    patterns: ["NEWTASK"],
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
    weight: { definition: 0.5, content: 0.4 },
    shapes: [
      /\b(?:curl|wget)\b[^\n|]{1,200}\|\s{0,4}(?:sudo\s{1,4})?(?:ba|z|da)?sh\b/i,
      /\/dev\/tcp\/|\bnc\s{1,4}-[a-z]{0,4}e\b|\bbash\s{1,4}-i\b|base64\s{1,4}(?:-d|--decode)\b[^\n]{0,40}\|\s{0,4}(?:ba)?sh/i,
      /\brm\s{1,4}-[rf]{2}\b|\bpowershell\b[^\n]{0,60}\s-e(?:nc|ncodedcommand)?\b/i,
      /\bcurl\b[^\n]{0,120}(?:-d|--data[a-z-]{0,16}|-F|-T|--upload-file)\s{0,4}["']?@?[^\n]{0,60}(?:\.ssh|\.env|passwd|credentials|\$\(|`)/i,
    ],
  },
  {
    name: "role_marker",
    says: "has the marks by which models tell turns apart",
    weight: { definition: 0.65, content: 0.6 },
    shapes: [
      /<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|end_header_id|begin_of_text)\|>/i,
      /\[\/?INST\]|<<\/?SYS>>|<(?:start|end)_of_turn>/,
    ],
  },
  {
    name: "fake_system",
    says: "poses as a message of the system",
    weight: { definition: 0.45, content: 0.45 },
    shapes: [
      /(?:^|\n)[ \t>*#\-=[(<{]{0,12}(?:system|developer|admin(?:istrator)?|security|assistant|ai)[ _-](?:prompt|message|instructions?|override|notice|update|note|command|directive|alert|reminder)s?[ \t]{0,4}[\])>}*:=#-]/i,
      /(?:^|\n)[ \t]{0,8}(?:#{1,6}[ \t]{0,4}|\[|\*\*)(?:system|instructions?|developer)(?:\]|\*\*|:)[: \t]/i,
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
      /\b(?:end|conclusion|beginning|begin|start) of (?:the )?(?:tool|function|document|user|untrusted|search|external|retrieved|system|web ?page|api)?[ _-]?(?:output|results?|response|data|content|input|document|context|prompt|message|instructions)\b/i,
      /(?:^|\n)\s{0,4}(?:human|user)\s{0,2}:[^\n]{1,400}\n\s{0,8}(?:assistant|ai)\s{0,2}:/i,
      /\[(?:end|begin|start)[ _](?:of[ _])?(?:tool|system|user|function|output|results?|context)[^\]\n]{0,24}\]/i,
    ],
  },
  {
    name: "image_leak",
    says: "would have data sent in an image's or link's address",
    weight: both(0.6),
    shapes: [
      /!?\[[^\]\n]{0,200}\]\(https?:\/\/[^)\s]{1,400}[?&#/=](?:\{|\$|<|\[|%7b|%3c|[A-Z_]{4,}(?:[)&]|$)|(?:data|secret|token|conversation|summary|base64|encoded)[_-]?(?:here|of|data|content)?\))/i,
      /<img[^>]{1,300}src\s{0,2}=\s{0,2}["']?https?:\/\/[^"'>\s]{1,300}[?&][a-z_]{1,20}=(?:\{|\$|\[|%7b)/i,
      /!\[[^\]\n]{0,200}\]\(https?:\/\/[^)\s]{1,300}[?&](?:q|d|data|exfil|leak|secret|token|key|chat|c|payload|log)=[^)\s]{0,400}\)/i,
    ],
  },
];
