/**
 * What the sink and its thread say to each other. Bytes go as `ArrayBuffer`: Deno copies a view byte by byte, 8 MB in 1.4 s
 * (measured).
 *
 * @module
 */
import type { StoreFault } from "../../pipeline/store/error.ts";

/** What the thread needs to know. */
export interface Setup {
  readonly path: string;
  /** Milliseconds. */
  readonly maxAge: number | undefined;
  readonly maxBytes: number | undefined;
  readonly textIndex: boolean;
}

/** To the thread. */
export type Order =
  /** Rows of `pack.ts`, to be written in one transaction, or tried again. */
  | { readonly type: "rows"; readonly bytes: ArrayBuffer }
  /** Nothing comes any more. */
  | { readonly type: "end" };

/** From the thread. */
export type Answer =
  | { readonly type: "ready" }
  /** The rows are in the file. */
  | { readonly type: "written" }
  /** They are not; none of them. They are sent back to be tried again. */
  | {
    readonly type: "failed";
    readonly fault: StoreFault;
    readonly message: string;
    readonly bytes: ArrayBuffer;
  }
  | { readonly type: "pruned"; readonly rows: number }
  /** The file is closed. */
  | { readonly type: "ended" };
