/**
 * One line at a time, for who hands each on by itself.
 *
 * @module
 */
import type { Event } from "../event.ts";
import { ByteBuffer } from "../output/byte_buffer.ts";
import { Gather } from "../output/gather.ts";
import { type LineOptions, McpLines } from "./mcp_line.ts";
import { writeOther } from "./other_lines.ts";

/** Kept buffer; a larger one was made for one large line and is let go. */
const CAPACITY = 64 * 1024;

/** Makes the lines that the `jsonl` sink writes. */
export class EventLines {
  readonly #gather: Gather;
  readonly #lines: McpLines;
  readonly #tokens: boolean;
  #buffer = new ByteBuffer(CAPACITY);

  /** `options` are those of the sink. */
  constructor(options: LineOptions) {
    this.#gather = new Gather((bytes) => this.#buffer.append(bytes));
    this.#lines = new McpLines(this.#gather, options);
    this.#tokens = options.tokens;
  }

  /** The line of an event, a JSON object without a newline. Good until the next call of anything here. */
  line(event: Event): Uint8Array {
    if (this.#buffer.bytes.length > CAPACITY) this.#buffer = new ByteBuffer(CAPACITY);
    this.#buffer.length = 0;
    if (event.kind === "mcp") {
      this.#lines.write(event);
      if (this.#buffer.length === 0) return withoutNewline(this.#gather.take());
      this.#gather.drain(); // a part of it was too large to wait
    } else writeOther(this.#buffer, event, true, this.#tokens);
    return withoutNewline(this.#buffer.bytes.subarray(0, this.#buffer.length));
  }

  /** To be called after each batch: its buffers may be used again then. */
  forget(): void {
    this.#gather.forget();
  }
}

function withoutNewline(line: Uint8Array): Uint8Array {
  return line.subarray(0, line.length - 1);
}
