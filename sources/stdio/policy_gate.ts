/**
 * Judges a client's lines before they reach the server.
 *
 * @module
 */
import { compilePolicy, denies, TextJudge, tooLongAnswer } from "../../pipeline/policy/mod.ts";
import { LineSplitter } from "../../protocols/jsonrpc/mod.ts";
import type { GateSpec } from "./gate_spec.ts";
import type { Gate } from "./lane.ts";

/** Longer lines are not kept to be judged, and so do not pass. */
export const LONGEST = 8 * 1024 * 1024;

type Answer = (line: Uint8Array<ArrayBuffer>) => void;

/** Makes a gate of a policy; undefined if the policy denies nothing. */
export async function policyGate({ policy, server }: GateSpec): Promise<((answer: Answer) => Gate) | undefined> {
  if (!denies(policy) || policy.dry_run) return undefined;
  const compiled = await compilePolicy(policy);
  return (answer) => new PolicyGate(new TextJudge(compiled, [server], true), answer);
}

class PolicyGate implements Gate {
  readonly #judge: TextJudge;
  readonly #answer: Answer;
  readonly #lines = new LineSplitter(LONGEST);

  constructor(judge: TextJudge, answer: Answer) {
    this.#judge = judge;
    this.#answer = answer;
  }

  pass(buffer: Uint8Array<ArrayBuffer>, start: number, end: number): readonly Uint8Array<ArrayBuffer>[] {
    // the splitter keeps places in what it is given, and what passes may have to wait: a copy of its own
    const copy = buffer.slice(start, end);
    const out: Uint8Array<ArrayBuffer>[] = [];
    const lines = this.#lines;
    lines.push(copy, 0, copy.length);
    while (lines.next()) this.#line(true, out);
    this.#tooLong();
    return out;
  }

  end(): readonly Uint8Array<ArrayBuffer>[] {
    const out: Uint8Array<ArrayBuffer>[] = [];
    if (this.#lines.flush()) this.#line(false, out);
    return out;
  }

  /** The line that the splitter found; `whole` if its newline came too. */
  #line(whole: boolean, out: Uint8Array<ArrayBuffer>[]): void {
    const { start, end } = this.#lines;
    const buffer = this.#lines.buffer as Uint8Array<ArrayBuffer>;
    const { passes, forward, answer } = this.#judge.judge(buffer, start, end);
    if (answer !== undefined) this.#answer(withNewline(answer));
    if (passes === "none") return;
    const line = passes === "part" ? forward ?? EMPTY : buffer.subarray(start, end);
    out.push(whole ? withNewline(line) : line.slice());
  }

  #tooLong(): void {
    if (this.#lines.skipped === 0 || this.#lines.skipping) return;
    this.#lines.skipped = 0;
    this.#answer(withNewline(tooLongAnswer(LONGEST)));
  }
}

const EMPTY = new Uint8Array(0);

function withNewline(line: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(line.length + 1);
  out.set(line);
  out[line.length] = 0x0a;
  return out;
}
