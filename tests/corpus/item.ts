/** The items of the corpus: see README.md. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
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
  readonly kind: "definition" | "result" | "arguments" | "pair";
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

/** The file of a class's part as text, one item a line. */
export function text(name: string, part: Part): string {
  return readFileSync(`${FOLDER}${name}/${part}.jsonl`, "utf8");
}

/** The items of a class's part. */
export function items(name: string, part: Part): Item[] {
  return text(name, part).split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Item);
}

/** The part that an item belongs to. */
export function partOf(id: string): Part {
  return hash(id) % 3 === 0 ? "held_out" : "tune";
}

/** The first 32 bits of a text's SHA-256. */
export function hash(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0);
}
