/**
 * A finding as a message for people. What it quotes was chosen by who is suspected: it must not mention anybody, hide
 * itself, or offer a link.
 *
 * @module
 */
import type { FindingEvent } from "../../pipeline/event.ts";
import { shortened } from "../../pipeline/shortened.ts";
import { visible } from "../../pipeline/visible.ts";

/** Longest text of each part, in UTF-16 units. Slack's blocks hold 3000 characters. */
const LONGEST = { message: 600, evidence: 600, name: 120 } as const;
/** Nothing to see, and no word goes on behind it. */
const BREAK = "\u200b";

/** What happened, then what it was seen in, then where: up to three lines. */
export function alertText(finding: FindingEvent): string {
  const { severity, rule, message, evidence, session, process, detector } = finding;
  const server = session?.server.name ?? process?.name;
  const client = session?.clientInfo?.name ?? session?.clientProcess?.name;
  const where = [
    server === undefined ? "" : `server ${harmless(server, LONGEST.name)}`,
    client === undefined ? "" : `client ${harmless(client, LONGEST.name)}`,
    detector === undefined ? "" : `detector ${detector}`,
    new Date(finding.time).toISOString(),
  ];
  return [
    `${severity.toUpperCase()} ${rule}: ${harmless(message, LONGEST.message)}`,
    evidence === undefined ? "" : `Evidence: ${harmless(evidence, LONGEST.evidence)}`,
    where.filter((part) => part !== "").join(" · "),
  ].filter((line) => line !== "").join("\n");
}

/**
 * One line in which nothing is hidden, nobody is mentioned (`@name`, `<!channel>`) and no address can be clicked: neither
 * `https://` nor `[text](address)` nor `www.`.
 */
export function harmless(text: string, length: number): string {
  return visible(shortened(text, length)).replaceAll("@", `@${BREAK}`).replaceAll("://", `:${BREAK}//`)
    .replaceAll("](", `]${BREAK}(`).replace(/www\./gi, (www) => `${www.slice(0, 3)}${BREAK}.`)
    .replaceAll("`", "'");
}

/** What Slack reads as control characters (https://docs.slack.dev/messaging/formatting-message-text#escaping). */
export function slackEscaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
