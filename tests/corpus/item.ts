/** The items of the corpus: see README.md. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Json } from "../../pipeline/event.ts";

/** An object as JSON has it. */
export type JsonObject = { readonly [member: string]: Json };

/** A server: its name, and whether it is on another machine. */
export interface ServerAt {
  readonly name: string;
  readonly remote?: boolean;
}

/** One line of a file. */
export interface Item {
  readonly id: string;
  readonly class: string;
  readonly label: "hostile" | "benign";
  readonly kind: "definition" | "result" | "arguments" | "error" | "resource" | "prompt" | "pair";
  readonly server?: string | ServerAt;
  /** Its name, or its definition. */
  readonly tool?: string | JsonObject;
  readonly value: Json;
  /** What is special about it. */
  readonly note: string;
}

/** The part that rules may be tuned on, and the part that measures them. */
export const PARTS = ["tune", "held_out"] as const;
/** One of them. */
export type Part = typeof PARTS[number];

const FOLDER = fileURLToPath(new URL(".", import.meta.url));

/** The classes there are: folders. */
export function classes(): string[] {
  const entries = readdirSync(FOLDER, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
}

/** What was held out once, has been measured and is for tuning now. */
const SPENT = "tune_former.jsonl";

/** Batches that were written for a model to learn from, and never were candidates for holding out. */
const LEARNT = /^tune_(?!former\.|second\.)/;

/** Ids of the items that were written to be learnt from. */
export function learnt(name: string): string[] {
  const files = readdirSync(FOLDER + name).filter((file) => LEARNT.test(file));
  return files.flatMap((file) => parsed(readFileSync(`${FOLDER}${name}/${file}`, "utf8"))).map(({ id }) => id);
}

/** The files of a class's part as text, one item a line. */
export function text(name: string, part: Part): string {
  const files = readdirSync(FOLDER + name).filter((file) => file.startsWith(part) && file.endsWith(".jsonl")).sort();
  return files.map((file) => readFileSync(`${FOLDER}${name}/${file}`, "utf8")).join("");
}

/** The items of a class's part. */
export function items(name: string, part: Part): Item[] {
  return parsed(text(name, part));
}

/** The items of a class that were held out once. */
export function spent(name: string): Item[] {
  const file = `${FOLDER}${name}/${SPENT}`;
  return existsSync(file) ? parsed(readFileSync(file, "utf8")) : [];
}

function parsed(lines: string): Item[] {
  return lines.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Item);
}

/** The part that an item belongs to, until it is spent. */
export function partOf(id: string): Part {
  return hash(id) % 3 === 0 ? "held_out" : "tune";
}

/** The first 32 bits of a text's SHA-256. */
export function hash(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0);
}
