/**
 * Whether a tool brings what is public anyway, and whether it carries things out, by what its server says and by names.
 *
 * @module
 */
import type { McpServer } from "../../../pipeline/context.ts";
import { nameWords } from "../content/arguments.ts";

/** What fetches pages, documentation and news. */
const PUBLIC: ReadonlySet<string> = new Set(
  ("fetch web browse browser browsing crawl crawler scrape scraper docs documentation wikipedia wiki weather news arxiv " +
    "context7 deepwiki youtube tavily brave exa perplexity firecrawl duckduckgo hackernews playwright puppeteer time maps")
    .split(" "),
);
/** What sends, publishes, or asks a service elsewhere. */
const OUTWARD: ReadonlySet<string> = new Set(
  ("send post publish upload email mail message notify tweet share submit push webhook http https url fetch request " +
    "curl search web browse navigate comment reply issue gist paste slack discord telegram whatsapp sms twilio sendgrid " +
    "chat invite broadcast export sync deploy")
    .split(" "),
);

/** Whether a tool's results can be had by anyone. */
export function isPublic(serverName: string, tool: string | undefined): boolean {
  return nameWords(serverName).some((word) => PUBLIC.has(word)) ||
    (tool !== undefined && nameWords(tool).some((word) => PUBLIC.has(word)));
}

/** Whether what a tool gets may leave this machine. */
export function isOutward(server: McpServer, tool: string | undefined): boolean {
  if (server.remote) return true;
  const annotations = tool === undefined ? undefined : server.tools.get(tool)?.value["annotations"];
  if (typeof annotations === "object" && annotations !== null && !Array.isArray(annotations)) {
    if (annotations["openWorldHint"] === true) return true;
    if (annotations["openWorldHint"] === false) return false;
  }
  return tool !== undefined && nameWords(tool).some((word) => OUTWARD.has(word));
}
