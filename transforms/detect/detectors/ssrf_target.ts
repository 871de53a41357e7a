/**
 * URLs in arguments that reach what only the server's machine should.
 *
 * @module
 */
import { z } from "zod";
import type { LogicalCall } from "../../../pipeline/context.ts";
import type { McpEvent } from "../../../pipeline/event.ts";
import { type Argument, calledTool, nameWords, PROSE, QUERY, RUNNABLE, textsOf } from "../content/arguments.ts";
import { type Reach, reachOf } from "../content/addresses.ts";
import { findUrls, hostsOf } from "../content/urls.ts";
import {
  defineDetector,
  type Detector,
  type DetectorContext,
  type DetectorDeclaration,
  type Found,
} from "../detector.ts";
import { quoted } from "../wording.ts";

const METADATA = "mcp.argument.metadata_url",
  INTERNAL = "mcp.argument.internal_url",
  SCHEME = "mcp.argument.url_scheme";
const REFERENCES = ["OWASP-MCP05:2025", "OWASP-LLM06:2025", "ATLAS-AML.T0053", "CWE-918"];

const options = z.strictObject({
  local: z.boolean().default(false)
    .describe("Whether loopback and private addresses are told of servers on this machine too."),
  allow: z.array(z.string()).default([])
    .describe("Hosts that are never told, as they stand in the URLs: `10.0.0.5`, `wiki.internal`."),
});

/** Bytes of which every text that is told has some. */
const NEEDLES = [
  "://",
  ":\\/",
  ":\\\\",
  "3a%2f",
  "169.254",
  "metadata",
  "gopher:",
  "dict:",
  "file:",
  "jar:",
  "100.100.100",
];

/** The detector's declaration. */
const ssrfTarget: DetectorDeclaration<typeof options> = defineDetector({
  name: "ssrf_target",
  summary: "Arguments with URLs of metadata services, of loopback or private addresses, or of odd schemes",
  state: "Nothing.",
  options,
  rules: [
    {
      code: METADATA,
      severity: "critical",
      summary: "A URL in an argument reaches a cloud's metadata service or a cluster's API",
      category: "ssrf",
      references: REFERENCES,
      target: "tool_call",
    },
    {
      code: INTERNAL,
      severity: "high",
      summary: "A URL that is given to a server elsewhere reaches a loopback or private address",
      category: "ssrf",
      references: REFERENCES,
      target: "tool_call",
    },
    {
      code: SCHEME,
      severity: "high",
      summary: "A URL in an argument has a scheme that makes a fetcher speak other protocols or read files",
      category: "ssrf",
      references: REFERENCES,
      target: "tool_call",
    },
  ],
  callNeedles: NEEDLES,
  create: (options, context) => new SsrfTargets(options, context),
});
export default ssrfTarget;

/** Schemes by which a fetcher can be made to speak other protocols. */
const ODD_SCHEMES: ReadonlySet<string> = new Set([
  "gopher",
  "dict",
  "tftp",
  "ldap",
  "ldaps",
  "jar",
  "netdoc",
  "phar",
  "expect",
]);
/** Arguments that name a host without a scheme. */
const HOSTS: ReadonlySet<string> = new Set(
  "url uri host hostname target endpoint server address domain src source href link site origin base baseurl".split(
    " ",
  ),
);
/** Addresses that are told to someone, and not fetched. */
const NOT_FETCHED = /redirect|callback|allowed|origin|whitelist|allowlist|cors|bind|listen|proxy$/;
const FETCHERS = new Set(
  "fetch http https url web crawl scrape scraper download request get curl screenshot import feed webhook pdf".split(
    " ",
  ),
);
/** Arguments with markup, in which a renderer fetches what is embedded. */
const MARKUP: ReadonlySet<string> = new Set("html svg xml markup markdown content template".split(" "));
const RENDERERS: ReadonlySet<string> = new Set(
  "pdf render screenshot html convert preview image svg xml png parse".split(" "),
);
const EMBEDDED =
  /(?:\bsrc\s{0,2}=\s{0,2}|\bdata\s{0,2}=\s{0,2}|\burl\(\s{0,2}|<link[^>]{1,100}href\s{0,2}=\s{0,2}|xlink:href\s{0,2}=\s{0,2}|SYSTEM\s{1,4}|@import\s{1,4})["']?([a-z]{2,8}:\/\/[^"'\s)>]{1,300})/i;
/** Arguments that may hold prose as well as a URL. */
const LOCATING: ReadonlySet<string> = new Set(["source", "data", "input", "page", "entry"]);
const SAYS: Readonly<Record<Exclude<Reach, "public">, string>> = {
  metadata: "a metadata service",
  cluster: "the cluster's API",
  rebinding: "a name that may answer with any address",
  loopback: "a loopback address",
  private: "a private address",
  link_local: "a link-local address",
};

/** A rule, what is reached, a score, the URL. */
type Look = readonly [code: string, says: string, score: number, evidence: string];

class SsrfTargets implements Detector {
  readonly #options: z.output<typeof options>;
  readonly #context: DetectorContext;
  readonly #allowed: ReadonlySet<string>;

  constructor(options: z.output<typeof ssrfTarget.options>, context: DetectorContext) {
    this.#options = options;
    this.#context = context;
    this.#allowed = new Set(options.allow.map((host) => host.toLowerCase()));
  }

  called(call: LogicalCall, event: McpEvent, holds: boolean): void {
    const called = holds && call.method === "tools/call" ? calledTool(event) : undefined;
    if (called === undefined) return;
    for (const argument of textsOf(called.args)) {
      const text = fetchedOf(argument, called.name);
      const found = text === undefined ? undefined : this.#look(argument.key, text, called.name, event);
      if (found === undefined) continue;
      const [code, says, score, evidence] = found;
      const details: Found["details"] = { tool: called.name, argument: argument.path };
      const message = `Argument ${quoted(argument.path)} of ${quoted(called.name)} reaches ${says}`;
      return this.#context.report(code, {
        message,
        score,
        evidence,
        details,
        event,
        call,
        session: event.context?.session,
      });
    }
  }

  #look(key: string, text: string, tool: string, event: McpEvent): Look | undefined {
    const remote = this.#options.local || event.context?.session.server.remote === true;
    if (text.length < 5 || text.length > 8192 || text.includes("\n")) return undefined;
    for (const { scheme, hosts, text: url } of findUrls(text)) {
      if (ODD_SCHEMES.has(scheme)) return [SCHEME, `out by ${scheme}:`, 0.85, url];
      if (scheme === "file") {
        if (isFetcher(tool, remote)) return [SCHEME, "local files by file:", 0.8, url];
        continue;
      }
      for (const host of hosts) {
        if (this.#allowed.has(host.toLowerCase())) continue;
        const reach = reachOf(host);
        if (reach === "public" || isDatabase(scheme)) continue;
        if (reach === "metadata" || reach === "cluster") return [METADATA, SAYS[reach], 0.95, url];
        if (reach === "rebinding") return [INTERNAL, SAYS[reach], 0.8, url];
        if (remote && !NOT_FETCHED.test(key)) return [INTERNAL, SAYS[reach], 0.8, url];
      }
    }
    if (!HOSTS.has(key) || text.includes("://")) return undefined;
    const [bare = ""] = hostsOf(text.replace(/^\/\//, ""));
    const reach = reachOf(bare);
    if (reach === "metadata" && bare !== "metadata" && !this.#allowed.has(bare)) {
      return [METADATA, SAYS[reach], 0.9, text];
    }
    return undefined;
  }
}

/** What of an argument may be fetched: all of it, of markup what is embedded in it, of prose and queries nothing. */
function fetchedOf({ key, text }: Argument, tool: string): string | undefined {
  if (MARKUP.has(key)) {
    return nameWords(tool).some((word) => RENDERERS.has(word)) ? EMBEDDED.exec(text)?.[1] : undefined;
  }
  if (PROSE.has(key) && !LOCATING.has(key) || QUERY.has(key) || RUNNABLE.has(key)) return undefined;
  return text;
}

/** Whether the tool's name says that it fetches: then it has no business with files. */
function isFetcher(tool: string, remote: boolean): boolean {
  const words = nameWords(tool);
  if (words.some((word) => word === "file" || word === "files" || word === "read" || word === "resource")) {
    return remote;
  }
  return remote || words.some((word) => FETCHERS.has(word));
}

/** Connection strings: a database on this machine or network is where databases are. */
function isDatabase(scheme: string): boolean {
  return /^(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|redis|rediss|amqps?|sqlite|mssql|jdbc|bolt|neo4j|clickhouse|nats|kafka)$/
    .test(scheme);
}
