/** Secrets to plant, and all that sinks make of events. */
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Event } from "../../../pipeline/event.ts";
import { consoleSink } from "../../../sinks/console/sink.ts";
import { palette } from "../../../sinks/console/palette.ts";
import jsonl from "../../../sinks/jsonl/mod.ts";
import { context } from "./_redact.ts";

/** Letters are chosen so that no other test data has them. */
const BODY = fc.string({
  unit: fc.constantFrom(..."abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"),
  minLength: 36,
  maxLength: 36,
})
  .map((text) => `q7Z${text.slice(3)}`);
/** Secrets that are known by their form. */
export const FORMED = fc.tuple(fc.constantFrom("ghp_", "sk-ant-api03-", "glpat-", "npm_"), BODY).map(([a, b]) => a + b);
/** Under a name that tells, anything is one. */
export const ANY = fc.tuple(fc.constantFrom("hunter", 'pa/ss"w', "ünïcødé", "a b\\c", "x\ny"), fc.uuid()).map((
  [a, b],
) => a + b);
/** Names that tell. */
export const NAMES = fc.constantFrom(
  "password",
  "api_key",
  "clientSecret",
  "X-Auth-Token",
  "private_key",
  "db.password",
);

/** All that the sinks write of these events, and all that a plug-in can read in them. */
export async function written(all: readonly Event[]): Promise<string> {
  const out: string[] = [];
  const decoder = new TextDecoder();
  const input = async function* () {
    yield all;
  };
  const mine = context().context;
  const path = join(tmpdir(), `mcpsonde-redact-${randomUUID()}.jsonl`);
  const sink = await jsonl.create(
    jsonl.options.parse({ path, append: false, raw: true, details: true, chunks: true }),
    mine,
  );
  await sink(input());
  out.push(readFileSync(path, "utf8"));
  rmSync(path);
  await consoleSink({
    writer: { write: (bytes: Uint8Array) => Promise.resolve(void out.push(decoder.decode(bytes))) },
    palette: palette(false),
    columns: () => 200,
    verbose: true,
    summary: true,
  })(input());
  for (const event of all) {
    if (event.kind === "mcp") {
      out.push(
        JSON.stringify([event.id, event.method, event.params, event.result, event.error, event.request?.params]),
      );
      for (const byte of [event.buffer]) out.push(decoder.decode(byte));
      for (const part of [event.process, event.peer, event.http, event.context, event.sseId]) out.push(readable(part));
    } else {
      out.push(readable(event));
    }
  }
  return out.join("\n");
}

/** Everything of a value as text, through getters too. */
function readable(value: unknown, seen = new Set<object>()): string {
  if (typeof value !== "object" || value === null) return String(value);
  if (seen.has(value)) return "";
  seen.add(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof Map) return [...value].map(([name, one]) => `${name}=${readable(one, seen)}`).join("\n");
  const names = new Set([...Object.keys(value), ...getters(value)]);
  return [...names].map((name) => `${name}=${readable(Reflect.get(value, name), seen)}`).join("\n");
}

function getters(value: object): string[] {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (typeof prototype !== "object" || prototype === null || prototype === Object.prototype) return [];
  return Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { get }]) =>
    get === undefined ? [] : [name]
  );
}

/** Throws if the secret stands in it, as it is or as JSON or a URL has it. */
export function expectHidden(out: string, secret: string): void {
  const inJson = JSON.stringify(secret).slice(1, -1);
  for (const form of [secret, inJson, encodeURIComponent(secret)]) {
    if (out.includes(form)) throw new Error(`${form} was shown: ${out.slice(0, 3000)}`);
  }
}
