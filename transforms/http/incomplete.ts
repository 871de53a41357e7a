/**
 * Why a message is not whole.
 *
 * @module
 */

/** What an event says for the codecs' reasons. */
const REASONS: Readonly<Record<string, string>> = {
  closed: "reset",
  bytes_lost: "bytes_lost",
};

/** The `incomplete` of an event, from the reason for which a codec gave up a message. */
export function incompleteOf(reason: string): string {
  return REASONS[reason] ?? "malformed";
}
