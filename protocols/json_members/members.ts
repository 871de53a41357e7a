/**
 * Finds members of a JSON text by their paths, and whether it is JSON, without parsing it. The work is done by `members.c`,
 * built to WebAssembly with SIMD: a fourth of what `JSON.parse` takes for a line of 500 bytes and 20 paths.
 *
 * All of it is synchronous; the result of a search is kept until the next one.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { TextWindow } from "../text_window.ts";
import { WASM_BASE64 } from "./members_wasm.ts";

/** What a text is: like `Found` of `protocols/jsonrpc`. */
export const MembersFound = {
  blank: 0,
  object: 1,
  array: 2,
  /** Something that does not start with a brace or a bracket. Not looked at further. */
  other: 3,
  invalidJson: -1,
  invalidUtf8: -2,
  tooDeep: -3,
} as const;
/** One of the values of {@linkcode MembersFound}. */
export type MembersFound = typeof MembersFound[keyof typeof MembersFound];

interface Exports {
  readonly memory: WebAssembly.Memory;
  nodes(): number;
  pool(): number;
  spans(): number;
  heap(): number;
  find(start: number, end: number, root: number, count: number, depth: number): MembersFound;
  texts(): number;
  reset(): void;
}

/** How many nodes and bytes of names all trees may have together: those of `members.c`. */
const NODES = 1024, POOL = 32_768;
/** Longest path that may be asked for, in names. */
const DEEPEST = 16;
/** A node in words, and how many lengths of names it tells apart: half a word each. */
const NODE_WORDS = 21, LENGTHS = 32, FIXED_WORDS = 5;
/** Of a place in the text. */
const SPAN_WORDS = 3;
/** Texts that are kept: some less than `members.c` has room for. */
const TEXTS = 4000;
/** Room past the end of the text: it is loaded sixteen bytes at a time. */
const SLACK = 128;
/** How much of a large buffer is taken at once. */
const WINDOW = 32 * 1024;

const wasm = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(WASM_BASE64, "base64")))
  .exports as unknown as Exports;
let spans: Int32Array = new Int32Array(), nodes: Int32Array = new Int32Array(), pool: Uint8Array = new Uint8Array();
const texts = new TextWindow(wasm, {
  size: WINDOW,
  slack: SLACK,
  onMemory: (memory) => {
    nodes = new Int32Array(memory, wasm.nodes(), NODES * NODE_WORDS);
    spans = new Int32Array(memory, wasm.spans(), NODES * SPAN_WORDS);
    pool = new Uint8Array(memory, wasm.pool(), POOL);
  },
});
/** The first that are free. */
let nextNode = 0, nextByte = 0;
/** Texts by their numbers; empty where none was asked for. */
let numbered: string[] = [];
/** What an offset in the text is less than one in the memory. */
let shift = 0;

/** Forgets what was copied. To be called whenever a buffer that was seen before may hold other bytes by now. */
export function forgetMembers(): void {
  texts.forget();
}

/** A member that is looked for, and the members of it that are. */
class Tree {
  readonly members = new Map<string, Tree>();
  node = 0;
}

/** Paths that are looked for together. They stay in memory for good: make them once. */
export class Members {
  readonly #root: number;
  readonly #count: number;
  /** Node by the path's place in the list. */
  readonly #nodes: Int32Array;

  /**
   * Each path is a list of names. `numbered` says at which places in the list stand texts that come again and again. Throws
   * a RangeError if there is no room for them.
   */
  constructor(paths: readonly (readonly string[])[], numbered: Iterable<number> = []) {
    const root = new Tree();
    const ends = paths.map((path) => {
      if (path.length === 0 || path.length > DEEPEST) {
        throw new RangeError(`A path has 1 to ${DEEPEST} names; '${path.join(".")}' has ${path.length}.`);
      }
      return path.reduce((tree, name) => {
        let member = tree.members.get(name);
        if (member === undefined) tree.members.set(name, member = new Tree());
        return member;
      }, root);
    });
    root.node = this.#root = take(1);
    place(root);
    this.#count = nextNode - root.node;
    this.#nodes = Int32Array.from(ends, ({ node }) => node);
    for (const path of numbered) nodes[this.#nodes[path]! * NODE_WORDS + 4] = 1;
  }

  /** Looks through `bytes[start, end)`, nested at most `depth` deep (and 4096). Any bytes will do. */
  find(bytes: Uint8Array, start: number, end: number, depth: number): MembersFound {
    const at = texts.address(bytes, start, end);
    shift = start - at;
    const found = wasm.find(at, at + end - start, this.#root, this.#count, depth);
    if (wasm.texts() > TEXTS) forgetTexts();
    return found;
  }

  /** Where the value at the end of a path starts, by the path's place in the list; -1 if there is none. */
  from(path: number): number {
    const at = spans[this.#nodes[path]! * SPAN_WORDS]!;
    return at === 0 ? -1 : at + shift;
  }

  /** Just past it. */
  to(path: number): number {
    const at = spans[this.#nodes[path]! * SPAN_WORDS + 1]!;
    return at === 0 ? -1 : at + shift;
  }

  /**
   * The text at the end of a path that is numbered: the same bytes give the same string, which `decode` makes the first
   * time. Undefined where there is no string, or an empty one, or a long one.
   */
  text(
    path: number,
    bytes: Uint8Array,
    decode: (bytes: Uint8Array, start: number, end: number) => string,
  ): string | undefined {
    const node = this.#nodes[path]! * SPAN_WORDS, number = spans[node + 2]!;
    if (number === 0) return undefined;
    const known = numbered[number];
    if (known !== undefined) return known;
    return numbered[number] = decode(bytes, spans[node]! + shift + 1, spans[node + 1]! + shift - 1);
  }
}

/** There are as many as there may be. Those of the last search have no number any more. */
function forgetTexts(): void {
  wasm.reset();
  numbered = [];
  for (let node = 0; node < nextNode; node++) spans[node * SPAN_WORDS + 2] = 0;
}

function take(count: number): number {
  if (nextNode + count > NODES) throw new RangeError(`More than ${NODES} members are looked for.`);
  return (nextNode += count) - count;
}

/** Writes the members of a node, those of one object together. */
function place({ node, members }: Tree): void {
  const first = take(members.size);
  const named = [...members].map(([name, member]) => ({ bytes: new TextEncoder().encode(name), member }));
  named.sort((a, b) => a.bytes.length - b.bytes.length);
  for (const [k, { bytes, member }] of named.entries()) {
    if (nextByte + bytes.length > POOL) {
      throw new RangeError("The names of the members that are looked for are too long.");
    }
    pool.set(bytes, nextByte);
    member.node = first + k;
    nodes.set([nextByte, bytes.length, 0, 0, 0], member.node * NODE_WORDS);
    nextByte += bytes.length;
  }
  nodes[node * NODE_WORDS + 2] = first;
  nodes[node * NODE_WORDS + 3] = named.length;
  const lengths = new Uint16Array(nodes.buffer, nodes.byteOffset + (node * NODE_WORDS + FIXED_WORDS) * 4, LENGTHS);
  for (let length = 0; length < LENGTHS; length++) {
    lengths[length] = first + named.filter(({ bytes }) => bytes.length < length).length;
  }
  for (const { member } of named) place(member);
}
