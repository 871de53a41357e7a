/**
 * Exit codes, and the error that carries one. They are documented in docs/cli.md and in `mcpsonde --help`.
 *
 * @module
 */

/** What the process exits with. */
export const EXIT = {
  /** All went well; also after Ctrl-C. */
  ok: 0,
  /** Something failed while running: a stage, a test. */
  failed: 1,
  /** A mistake on the command line or in a pipeline file. */
  usage: 2,
  /** The machine lacks what is needed: rights, a kernel feature, libbpf. */
  machine: 3,
  /** `mcpsonde check` found something as bad as `--fail-on`, or `mcpsonde baseline diff` a difference. */
  found: 4,
  /** A second signal ended the run before it was finished. */
  forced: 130,
} as const;

/** Ends a command with a message for the user and an exit code. */
export class Failure extends Error {
  override name = "Failure";
  readonly code: number;

  constructor(message: string, code: number = EXIT.failed) {
    super(message);
    this.code = code;
  }
}
