/**
 * Findings to people: Slack's incoming webhooks
 * (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks), and a generic webhook whose `text` is what
 * Mattermost, Rocket.Chat, Google Chat and others show. One message a finding, few a minute.
 *
 * @module
 */
import type { Context } from "../../../pipeline/component.ts";
import { type Answer, type Courier, reasonOf, retryAfter, type Verdict } from "../../../pipeline/delivery/mod.ts";
import { type FindingEvent, SEVERITIES } from "../../../pipeline/event.ts";
import { EventLines } from "../../../pipeline/lines/event_lines.ts";
import { alertText, slackEscaped } from "../alert_text.ts";
import { idempotencyKey, request } from "../courier.ts";
import { HeldBack } from "../held_back.ts";
import type { HttpOptions } from "../options.ts";
import { authorization } from "../target.ts";
import { judge, mend } from "../verdicts.ts";

const PLAIN = { raw: false, compat: undefined, details: false, tokens: false } as const;
/** Slack takes one a second (https://docs.slack.dev/apis/web-api/rate-limits): 10 a minute are what people can read. */
const PER_MINUTE = 10;
/** How often it is looked whether something was held back. */
const TICK_MS = 10_000;
const encoder = new TextEncoder(), decoder = new TextDecoder();

/** Makes messages for Slack. A record is a message without its id. */
export function slackCourier(options: HttpOptions, context: Context): Courier {
  return alertCourier("http-slack/1", slackMessage, options, context);
}

/** Makes messages that have the finding too: `{"text":"…","severity":"high","rule":"…","finding":{…}}`. */
export function webhookCourier(options: HttpOptions, context: Context): Courier {
  const lines = new EventLines(PLAIN);
  const message = (text: string, finding?: FindingEvent) => {
    if (finding === undefined) return JSON.stringify({ text });
    const { severity, rule } = finding;
    const line = decoder.decode(lines.line(finding));
    lines.forget();
    return `${JSON.stringify({ text, severity, rule }).slice(0, -1)},"finding":${line}}`;
  };
  return alertCourier("http-hook/1", message, options, context);
}

/** What a finding becomes, or a text without one. */
type Message = (text: string, finding?: FindingEvent) => string;

function alertCourier(format: string, message: Message, options: HttpOptions, { metrics }: Context): Courier {
  const { url, method, min_severity: least = "high", max_per_minute: perMinute = PER_MINUTE } = options;
  const from = SEVERITIES.indexOf(least);
  const held = new HeldBack(perMinute);
  const headers = { "content-type": "application/json", ...authorization(options, "Bearer") };
  return {
    format,
    endpoint: new URL("/", url).href, // the path of a webhook is its secret
    tickMs: TICK_MS,
    *encode(batch) {
      for (const event of batch) {
        if (event.kind !== "finding" || SEVERITIES.indexOf(event.severity) < from) continue;
        if (held.passes(event, performance.now())) yield encoder.encode(message(alertText(event), event));
        else metrics.dropped("held_back");
      }
    },
    *tick(final) {
      const text = held.told(performance.now(), final);
      if (text !== undefined) yield encoder.encode(message(text));
    },
    requests: (records) =>
      records.map(({ id, bytes }, k) =>
        request({ url, method, headers: { ...headers, ...idempotencyKey(id) } }, [k], bytes, judgeAlert)
      ),
  };
}

function slackMessage(text: string): string {
  const escaped = slackEscaped(text);
  return JSON.stringify({
    text: escaped, // where there is no room for blocks, as in notifications
    blocks: [{ type: "section", text: { type: "plain_text", text: escaped, emoji: false } }],
    unfurl_links: false,
    unfurl_media: false,
  });
}

/** 200 and `ok`. A webhook that was revoked or whose channel is gone can be mended: 403, 404, 410. */
export function judgeAlert(answer: Answer): Verdict {
  const { status } = answer;
  if (status === 403 || status === 404 || status === 410) return mend(answer, "check that the webhook is still there");
  if (status === 429) {
    const afterMs = retryAfter(answer.headers["retry-after"], Date.now());
    return { outcome: "retry", reason: reasonOf(answer), afterMs: Math.max(afterMs ?? 0, 1000) };
  }
  return judge(answer, [0]);
}
