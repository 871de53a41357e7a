/**
 * What the checks remember of one session.
 *
 * @module
 */
import { Tally } from "./tally.ts";

/** The state of a session. */
export class SessionState {
  /** How often what was found. */
  readonly tally: Tally = new Tally();
  /** How far initialization is, as far as it was seen; `unknown` also where the revision has none. */
  phase: "unknown" | "asked" | "answered" | "done" = "unknown";
  /** Requests that came in phase `unknown`, but for those that may. */
  early = 0;
  /** The revision that was judged last. */
  era: string | undefined = undefined;
  /** Tool calls: not each is held against the schema. */
  calls = 0;

  /** True if the session's first message was seen, so that nothing came before it. */
  get sawStart(): boolean {
    return this.phase !== "unknown";
  }
}
