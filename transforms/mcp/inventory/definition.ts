/**
 * One entry of a server's list.
 *
 * @module
 */
import type { Definition } from "../../../pipeline/context.ts";
import type { Json } from "../../../pipeline/event.ts";
import { countTokens } from "../../../pipeline/tokens.ts";
import { canonical, sha256 } from "../../../protocols/canonical_json/mod.ts";

/** A definition whose times go on. */
export class LiveDefinition implements Definition {
  readonly kind: Definition["kind"];
  readonly name: string;
  readonly value: { readonly [member: string]: Json };
  readonly hash: string;
  /** Length of the canonical form, in UTF-16 code units. */
  readonly size: number;
  readonly firstSeen: number;
  lastSeen: number;
  #tokens = NaN;

  /** An entry as a server sent it, at a time in milliseconds since the epoch. */
  constructor(kind: Definition["kind"], name: string, value: { readonly [member: string]: Json }, time: number) {
    this.kind = kind;
    this.name = name;
    this.value = value;
    const text = canonical(value);
    this.size = text.length;
    this.hash = sha256(text);
    this.firstSeen = this.lastSeen = time;
  }

  get tokens(): number {
    if (Number.isNaN(this.#tokens)) this.#tokens = countTokens(JSON.stringify(this.#shown()));
    return this.#tokens;
  }

  /** What a client gives its model: of a tool these three members, of the others all. */
  #shown(): Json | { readonly [member: string]: Json } {
    if (this.kind !== "tool") return this.value;
    const { name = null, description, inputSchema } = this.value;
    return { name, ...(description && { description }), ...(inputSchema && { inputSchema }) };
  }
}
