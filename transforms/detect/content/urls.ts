/**
 * Finds URLs in a text, and the hosts that parsers may take out of each.
 *
 * @module
 */

/** A URL, as far as it matters whom it reaches. */
export interface FoundUrl {
  /** In lower case. */
  readonly scheme: string;
  /** Parsers differ where there are backslashes: every host that one of them would take. */
  readonly hosts: readonly string[];
  /** The URL, shortened. */
  readonly text: string;
}

const URL_START = /([a-z][a-z0-9+.-]{1,15}):[\/\\]{2,4}/gi;
/** Schemes that have no host as a rule. */
const BARE = /^(?:gopher|dict|file|jar|netdoc|phar|ldap|tftp|php|expect):/i;
const MOST = 20;
const LONGEST = 8192;
const LEVELS = 2;

/** URLs in a text, those within other URLs too, whether or not they are percent-encoded there. */
export function findUrls(source: string): FoundUrl[] {
  const found: FoundUrl[] = [], seen = new Set<string>();
  let text = source.slice(0, LONGEST);
  for (let level = 0; level <= LEVELS; level++) {
    for (const match of text.matchAll(URL_START)) {
      if (found.length >= MOST) return found;
      const from = match.index + match[0].length;
      const rest = text.slice(from, from + 512).split(/[\s"'<>`{}|]/, 1)[0] ?? "";
      const scheme = (match[1] ?? "").toLowerCase(), key = `${scheme} ${rest}`;
      if (seen.has(key)) continue;
      seen.add(key);
      found.push({ scheme, hosts: hostsOf(rest), text: text.slice(match.index, from) + rest.slice(0, 160) });
    }
    if (level === 0 && BARE.test(text) && (found.length === 0 || !/^\w+:[\/\\]{2}/.test(text))) {
      found.push({ scheme: text.slice(0, text.indexOf(":")).toLowerCase(), hosts: [], text: text.slice(0, 160) });
    }
    const decoded = text.replace(/%(?:3a|2f|5c|40|25)/gi, (code) => String.fromCharCode(parseInt(code.slice(1), 16)));
    if (decoded === text) break;
    text = decoded;
  }
  return found;
}

/** Hosts that begin the part of a URL behind its slashes. */
export function hostsOf(rest: string): string[] {
  const hosts = new Set<string>();
  for (const ends of [/[\/?#!]/, /[\/?#!\\]/]) {
    const authority = rest.split(ends, 1)[0] ?? "";
    const at = authority.lastIndexOf("@");
    for (const part of at < 0 ? [authority] : [authority.slice(at + 1), authority.slice(0, at)]) {
      const host = /^(?:\[[^\]]{0,100}\]|[^:]{1,300})/.exec(part)?.[0];
      // Before an `@` stands a user's name: of it only numbers, which are hosts to parsers that split elsewhere.
      if (host !== undefined && (part !== authority.slice(0, Math.max(at, 0)) || /[\\]/.test(authority))) {
        hosts.add(host.replace(/\\+$/, ""));
      }
    }
  }
  return [...hosts];
}
