/** What is replaced in a message's bytes is what the careful walk would replace, or is left to that. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findSensitive } from "../../../protocols/sensitive/mod.ts";
import { editsIn } from "../../../transforms/redact/edits.ts";
import { Frame } from "../../../transforms/redact/frame.ts";
import { JsonWalk } from "../../../transforms/redact/json_walk.ts";
import { options } from "../../../transforms/redact/options.ts";
import { compilePolicy } from "../../../transforms/redact/policy.ts";
import { Pool } from "../../../transforms/redact/pool.ts";
import { Run } from "../../../transforms/redact/run.ts";
import { Bit } from "../../../transforms/redact/signs.ts";
import { DOCUMENT, TOKEN } from "./_documents.ts";

const policy = await compilePolicy(await options.parseAsync({ hash_key: "0123456789abcdef" }));
const frame = Frame.root(policy.always, () => undefined);
const encoder = new TextEncoder(), decoder = new TextDecoder();

interface Edited {
  readonly text: string;
  readonly replaced: readonly string[];
  readonly count: number;
}

/** The text with its edits, somewhere in a buffer; undefined if it takes a careful walk. */
function edited(text: string, before = "", pool = new Pool()): Edited | undefined {
  const buffer = encoder.encode(`${before}${text}"password":"x"`), start = encoder.encode(before).length;
  const end = start + encoder.encode(text).length;
  const bits = policy.signs.look(buffer, start, end);
  if (bits === 0) return { text, replaced: [], count: 0 };
  if ((bits & Bit.escape) !== 0) return undefined;
  const run = new Run(policy, policy.always, [], false), edits = editsIn(buffer, start, run, frame);
  if (edits === undefined) return undefined;
  const written = pool.splice(buffer, start, end, edits);
  return {
    text: decoder.decode(written.buffer.subarray(written.start, written.end)),
    replaced: (run.replaced ?? []).map(({ value }) => value),
    count: run.count,
  };
}

function careful(text: string): Edited {
  const run = new Run(policy, policy.always, [...policy.kinds.keys()], true);
  const shown = new JsonWalk(text, run, 0, findSensitive(text, run.kinds)).walk(frame);
  return { text: shown, replaced: (run.replaced ?? []).map(({ value }) => value), count: run.count };
}

const shown = (text: string) => edited(text)?.text;

describe("edits", () => {
  it("are those of the careful walk", () => {
    let short = 0;
    const pool = new Pool();
    fc.assert(
      fc.property(
        fc.oneof(DOCUMENT.object, DOCUMENT.array),
        fc.constantFrom(0, 1),
        fc.constantFrom("", "{", '"', "é\\"),
        (value, space, before) => {
          const text = JSON.stringify(value, null, space), own = edited(text, before, pool);
          if (own === undefined) return;
          short++;
          expect(own).toEqual(careful(text));
        },
      ),
      { numRuns: 4000 },
    );
    expect(short).toBeGreaterThan(400);
  });
  it("are the same when a string comes again", () => {
    const text = JSON.stringify({
      note: `see ${TOKEN}`,
      more: [`see ${TOKEN}`, "API_KEY=abc123def456 and pwd=zyxw9876"],
    });
    const first = edited(text);
    expect(first?.replaced).toEqual([TOKEN, TOKEN, "abc123def456", "zyxw9876"]);
    expect(edited(text)).toEqual(first);
    expect(edited(text)).toEqual(careful(text));
  });
  it("leave all other bytes alone", () => {
    const text = `{ "a" : 1.50e3,"b":"x\\ty\\"" ,\t"c":[ "\u{1f600}é" , "see ${TOKEN}" ] , "a" : 2 }`;
    const out = shown(text) ?? "";
    expect(out.replace(/<github_token:hash:\w{12}>/, TOKEN)).toBe(text);
    expect(out).not.toBe(text);
  });
  it("take each of two members of one name", () => {
    expect(shown('{"password":"hunter2","a":1,"password":"hunter3"}')).toMatch(
      /^\{"password":"<password:hash:\w+>","a":1,"password":"<password:hash:\w+>"\}$/,
    );
    expect(shown('{"password":null,"password":"hunter3"}')).toBeUndefined();
  });
  it("take what stands in characters of two units", () => {
    expect(shown(`{"token":"\u{1f511}${TOKEN}\u{1f511}"}`)).toMatch(/^\{"token":"<token:hash:\w+>"\}$/);
    expect(shown(`{"\u{1f511}":"\u{1f511} ${TOKEN} \u{1f511}"}`)).toMatch(
      /^\{"\u{1f511}":"\u{1f511} <github_token:hash:\w+> \u{1f511}"\}$/u,
    );
  });
  it.each([
    ["schemas with a name that tells", '{"inputSchema":{"properties":{"password":{"type":"string","default":"x"}}}}'],
    ["what is nested under a name that tells", '{"secrets":{"a":"b"}}'],
    ["numbers", '{"card":4111111111111111}'],
    ["numbers under a name that tells", '{"pin":1234}'],
    ["names that are secrets", `{"${TOKEN}":1}`],
    ["names with escapes", '{"a\\npassword":"hunter2"}'],
    ["words that tell of another string", '{"ssn":"078051120"}'],
    ["pairs in a list", '["Authorization","Bearer abc"]'],
    ["names that are no secret's, before cookies", '{"showCookie":"sid=abcdef"}'],
    ["many strings", JSON.stringify([...Array.from({ length: 3000 }, () => "a"), TOKEN])],
    ["long texts", JSON.stringify(["a".repeat(40_000), TOKEN])],
  ])("leave %s to the careful walk", (_, text) => {
    expect(shown(text)).toBeUndefined();
  });
  it.each(["outputSchema", "input_schema", "parameters", "schema", "jsonSchema", "parametersJsonSchema"])(
    "leave the schema under %s to the careful walk",
    (name) => expect(shown(`{"${name}":{"properties":{"password":{"type":"string"}}}}`)).toBeUndefined(),
  );
  it("need no careful walk for a schema alone, nor for a word like one of its names", () => {
    expect(shown('{"inputSchema":{"properties":{"a":{"type":"string"}}}}')).toBeDefined();
    expect(shown('{"schema":"public","password":"hunter2"}')).toMatch(/"schema":"public","password":"<password/);
  });
});
