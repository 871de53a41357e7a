/**
 * What it costs to look for all secrets and personal data that are looked for by default: in messages that have none, by
 * one search over the bytes, and in a message that has one. Each against regular expressions over the decoded text in the
 * same run, one for all the same marks and none that knows more. `deno run -A bench/sensitive.ts [--json]`
 */
import { ByteSearch, type Needle } from "../protocols/byte_search/mod.ts";
import { findSensitive, partitionKinds, SENSITIVE } from "../protocols/sensitive/mod.ts";
import { report } from "./_bench.ts";

const MESSAGES = 2000, ROUNDS = 150;
const kinds = SENSITIVE.filter(({ onByDefault }) => onByDefault);
const groups = partitionKinds(kinds, 31);
const search = new ByteSearch(groups.map(({ needles }) => needles));
const kindsOf = (bits: number) => groups.flatMap(({ kinds }, k) => (bits >> k & 1) === 1 ? kinds : []);

const words = "read the file and tell what changed between both versions since the last release of this module".split(
  " ",
);
const prose = (k: number, count: number) =>
  Array.from({ length: count }, (_, j) => words[(k * 7 + j * 5) % words.length]).join(" ");
const clean = texts((k) => prose(k, 30));
const token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
const leaking = texts((k) => `${prose(k, 15)} ${token} ${prose(k + 1, 8)}`);
const size = Math.round(clean.reduce((sum, { length }) => sum + length, 0) / clean.length);

function texts(text: (k: number) => string): Uint8Array[] {
  const encoder = new TextEncoder();
  return Array.from({ length: MESSAGES }, (_, k) => {
    const path = `/home/user/projects/demo/src/module${k % 50}/index.ts`;
    const params = { name: "edit_file", arguments: { path, text: text(k), took: k % 1000 } };
    return encoder.encode(JSON.stringify({ jsonrpc: "2.0", id: k, method: "tools/call", params }));
  });
}

/** A mark, as a part of a regular expression. */
function source(needle: Needle): string {
  const escape = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  if (typeof needle === "string") return escape(needle);
  if ("text" in needle) return needle.notAfter.map((text) => `(?<!${escape(text)})`).join("") + escape(needle.text);
  if ("digits" in needle) return `\\d(?:[ -]?\\d){${needle.digits - 1}}`;
  if ("groups" in needle) return needle.groups.map((count) => `\\d{${count}}`).join("[ -]");
  if ("iban" in needle) return "(?-i:[A-Z]{2}\\d{2}(?: ?[A-Z0-9]){11})";
  if ("userInfo" in needle) return ":\\/\\/[^\\s\\/?#\"'`<>\\\\@]*@";
  return "escape" in needle ? "\\\\u[0-9a-f]{4}" : "[^\\x00-\\x7f]";
}
const plain = new RegExp([...new Set(groups.flatMap(({ needles }) => needles.map(source)))].join("|"), "i");
const decoder = new TextDecoder();

/** Nanoseconds a message, the best of many rounds; `work` tells how many messages had something. */
function best(
  rounds: number,
  messages: readonly Uint8Array[],
  expected: number,
  work: (bytes: Uint8Array) => boolean,
): number {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    let found = 0;
    const start = performance.now();
    for (const bytes of messages) if (work(bytes)) found++;
    least = Math.min(least, (performance.now() - start) / messages.length * 1e6);
    if (found !== expected) throw new Error(`${found} messages have something, not ${expected}`);
  }
  return least;
}

/** All kinds over the decoded text, as one does without a search. */
const all = (bytes: Uint8Array) => findSensitive(decoder.decode(bytes), kinds).length > 0;
const searched = (bytes: Uint8Array) => {
  const bits = search.search(bytes, 0, bytes.length);
  return bits !== 0 && findSensitive(decoder.decode(bytes), kindsOf(bits)).length > 0;
};
const ns = (value: number) => `${Math.round(value).toLocaleString("en")} ns`;
const none = best(ROUNDS, clean, 0, searched);
const noneByRegExp = best(3, clean, 0, (bytes) => plain.test(decoder.decode(bytes)));
const one = best(ROUNDS / 5, leaking, MESSAGES, searched);
const oneByAll = best(3, leaking, MESSAGES, all);
report("sensitive", [
  {
    what: `Look for ${kinds.length} kinds of secrets and personal data in a message of ${size} B without any`,
    measured: `${ns(none)} (1/${Math.round(noneByRegExp / none)})`,
    baseline: `${ns(noneByRegExp)}, one regular expression`,
    target: "≤ 1/10",
    ok: none * 10 <= noneByRegExp,
  },
  {
    what: "… find one in a message that has it",
    measured: `${ns(one)} (1/${Math.round(oneByAll / one)})`,
    baseline: `${ns(oneByAll)}, each kind in turn`,
    target: "≤ 1/5",
    ok: one * 5 <= oneByAll,
  },
]);
