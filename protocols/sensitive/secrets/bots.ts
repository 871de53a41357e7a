/**
 * What bots and webhooks of messengers authenticate with.
 *
 * @module
 */
import { ALNUM, DIGIT, eachPlace, endsWord, isA, runEnd, startsWord, URL_SAFE } from "../_text.ts";
import type { Found, SensitiveKind } from "../kind.ts";

/** Tells of the run of characters that follows each `mark`, with slashes written plainly or escaped as in JSON. */
function findPaths(text: string, mark: RegExp, min: number, found: Found): void {
  for (const { index, 0: whole } of text.matchAll(mark)) {
    const from = index + whole.length, end = runEnd(text, from, URL_SAFE);
    if (end - from >= min) found(from, end);
  }
}

/** docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: the last part of the path is the secret. */
export const SLACK_WEBHOOK: SensitiveKind = {
  name: "slack_webhook",
  summary: "Slack webhook address (its last part)",
  group: "secret",
  onByDefault: true,
  needles: ["hooks.slack.com"],
  find: (text, found) =>
    findPaths(
      text,
      /hooks\.slack\.com\\?\/(?:services|workflows|triggers)\\?\/[A-Za-z0-9]{1,20}\\?\/[A-Za-z0-9]{1,20}\\?\//g,
      16,
      found,
    ),
};

/** docs.discord.com: bot tokens are the bot's id in base64, a time and a signature; webhooks end in a token. */
export const DISCORD: SensitiveKind = {
  name: "discord_token",
  summary: "Discord bot token, or webhook address (its last part)",
  group: "secret",
  onByDefault: true,
  needles: ["discord"],
  elsewhere: true,
  find(text, found) {
    findPaths(text, /discord(?:app)?\.com\\?\/api\\?\/(?:v\d{1,2}\\?\/)?webhooks\\?\/\d{17,20}\\?\//g, 60, found);
    // Parts of fixed lengths, found by the first dot.
    eachPlace(text, ".", (at) => {
      let start = at;
      while (at - start < 29 && isA(text, start - 1, URL_SAFE)) start--;
      const second = runEnd(text, at + 1, URL_SAFE, at + 8);
      if (at - start < 23 || at - start > 28 || second !== at + 7 || text[second] !== ".") return at + 1;
      const end = runEnd(text, second + 1, URL_SAFE);
      const length = end - second - 1;
      if (length >= 27 && length <= 38 && /[MNO]/.test(text[start] ?? "") && startsWord(text, start)) found(start, end);
      return at + 1;
    });
  },
};

/** core.telegram.org/bots/api: the bot's id, a colon, 35 characters that begin with AA. */
export const TELEGRAM: SensitiveKind = {
  name: "telegram_bot_token",
  summary: "Telegram bot token",
  group: "secret",
  onByDefault: true,
  needles: [":AA"],
  find(text, found) {
    eachPlace(text, ":AA", (at) => {
      let start = at;
      while (at - start < 12 && isA(text, start - 1, DIGIT)) start--;
      const end = runEnd(text, at + 1, URL_SAFE);
      const bot = text.slice(Math.max(0, start - 3), start) === "bot"; // in URLs: /bot123:AA…
      if (at - start < 8 || at - start > 11 || end - at !== 36 || !endsWord(text, end)) return end;
      if (bot || (startsWord(text, start) && !isA(text, start - 1, ALNUM))) found(start, end);
      return end;
    });
  },
};
