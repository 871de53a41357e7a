/**
 * A policy as its users write it.
 *
 * @module
 */

/** One rule. All that is named has to match; of several texts any. `*` stands for any text, `?` for any character. */
export interface PolicyRule {
  /** What it is called where it is told of. */
  readonly name?: string | undefined;
  readonly action: "allow" | "deny";
  /** What the server is called. */
  readonly server?: string | readonly string[] | undefined;
  /** Tools. */
  readonly tool?: string | readonly string[] | undefined;
  /** Methods. A rule with neither `method` nor `where` is about `tools/call`. */
  readonly method?: string | readonly string[] | undefined;
  /** A filter expression (docs/filter.md). */
  readonly where?: string | readonly string[] | undefined;
  /** Told to who was denied. */
  readonly reason?: string | undefined;
}

/** Rules in their order: the first that matches decides. */
export interface PolicyConfig {
  readonly rules: readonly PolicyRule[];
  /** What becomes of a `tools/call` that no rule matches. Other messages pass. */
  readonly default: "allow" | "deny";
  /** Tells of what would be denied, and denies nothing. */
  readonly dry_run: boolean;
}

/** True if the policy can deny anything: else nobody has to look at messages. */
export function denies({ rules, default: otherwise }: PolicyConfig): boolean {
  return otherwise === "deny" || rules.some(({ action }) => action === "deny");
}
