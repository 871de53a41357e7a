/**
 * Judges a path that is an argument of a tool.
 *
 * @module
 */

/** What a path does. */
export interface PathVerdict {
  readonly kind: "traversal" | "sensitive";
  /** 0 to 1. */
  readonly score: number;
  /** What it does, for a person. */
  readonly says: string;
}

/** Longest text that is taken for a path, in characters. */
const LONGEST = 4096;
/** Levels of percent-encoding that are undone. */
const LEVELS = 3;
/** Files of the system that tools seldom have business with, as the end of a path, by folder. Parts of a regular expression. */
const SYSTEM: Readonly<Record<string, readonly string[]>> = {
  "etc/": [
    "passwd",
    "shadow",
    "gshadow",
    "sudoers",
    "master\\.passwd",
    "ssh/",
    "ssl/private",
    "kubernetes/",
    "crontab",
    "cron\\.",
    "ld\\.so",
    "hosts$",
    "security/",
  ],
  "root/": ["\\."],
  "proc/(?:self|\\d{1,8}|1)/": ["environ", "cmdline", "mem", "maps", "fd", "root", "cwd"],
  "var/run/": ["docker\\.sock", "secrets"],
  "run/": ["docker\\.sock", "secrets"],
  "var/log/": ["auth", "secure"],
  "dev/": ["mem", "kmem", "sd[a-z]"],
  "": ["boot\\.ini"],
  "windows/": ["win\\.ini", "system32", "repair"],
  "winnt/": [""],
  "config/": ["sam$"],
};
/** The same of a person, or of a site: keys, tokens, histories, settings that hold them. */
const PERSON: readonly string[] = [
  "\\.ssh(?:/|$)",
  "\\.aws/",
  "\\.gnupg(?:/|$)",
  "\\.kube/",
  "\\.docker/config",
  "\\.netrc$",
  "\\.pgpass$",
  "\\.npmrc$",
  "\\.pypirc$",
  "\\.git-credentials$",
  "\\.bash_history$",
  "\\.zsh_history$",
  "id_(?:rsa|dsa|ecdsa|ed25519)(?:$|[.?#])",
  "ntuser\\.dat",
  "authorized_keys$",
  "\\.config/gcloud",
  "\\.azure/",
  "claude_desktop_config\\.json$",
  "\\.cursor/mcp\\.json$",
  "login data$",
  "cookies\\.sqlite$",
  "wallet\\.dat$",
  "web-inf/",
  "\\.git/(?:config|index|head)$",
  "\\.htpasswd$",
  "shadow\\.bak$",
];
const SENSITIVE = new RegExp(
  `(?:^|[/:])(?:${Object.entries(SYSTEM).map(([folder, files]) => `${folder}(?:${files.join("|")})`).join("|")})|` +
    `(?:^|/)(?:${PERSON.join("|")})`,
  "i",
);
/** Percent-encoded bytes of dots and slashes that only an attempt to hide them has: RFC 3629 forbids the overlong ones. */
const OVERLONG = /%(?:c0%a[ef]|c1%9c|c0%5c|e0%80%a[ef]|f0%80%80%a[ef]|u002[ef]|uff0[ef]|u221[56])/gi;
/** Something of what makes a path suspicious; most arguments have nothing of it. */
// deno-lint-ignore no-control-regex
const PLAUSIBLE = /\.\.|%|[^\x01-\x7f]|[/\\~]/;
const UPS = /(?:^|[\s"'=:,(\/\\])(?:\.\.(?:;|%00)?[\/\\]{1,4}){3}/;

/** Judges one text. Undefined if it is no path, or nothing is wrong with it. */
export function judgePath(text: string): PathVerdict | undefined {
  if (text.length < 4 || text.length > LONGEST) return undefined;
  if (!PLAUSIBLE.test(text)) return undefined;
  const plain = decodePath(text);
  const { path, encoded } = plain;
  if (path.includes("\0") && /[./\\]/.test(path) && !path.includes("\n")) {
    return { kind: "traversal", score: 0.9, says: "has a NUL byte, which cuts a path short" };
  }
  const sensitive = SENSITIVE.test(path.replace(/[?#].*$/s, ""));
  if (path.includes("..")) {
    const verdict = judgeClimb(path, encoded, sensitive);
    if (verdict !== undefined) return verdict;
  }
  if (
    !sensitive || /[\s<>]/.test(path.trim()) || !/^(?:[~/\\%$]|[a-z]:[\\/]|file:|\.?\.?\/|[a-z]+:\/\/\/)/i.test(path)
  ) return undefined;
  return { kind: "sensitive", score: 0.85, says: "names a file of the system or of a person's secrets" };
}

/** Undoes what hides dots and slashes. */
function decodePath(text: string): { path: string; encoded: boolean } {
  let path = text, encoded = false;
  // deno-lint-ignore no-control-regex
  if (/[^\x00-\x7f]/.test(path)) {
    const folded = path.normalize("NFKC").replace(/[\u2215\u2044\u29f8]/g, "/").replace(/[\u2216\u29f5]/g, "\\");
    if (folded !== path) encoded = folded.includes("../") || folded.includes("..\\"), path = folded;
  }
  for (let level = 0; level < LEVELS && path.includes("%"); level++) {
    const before = path;
    path = path.replace(
      OVERLONG,
      (code) => /e$/i.test(code) && !/u221/i.test(code) ? "." : /9c$|5c$/i.test(code) ? "\\" : "/",
    )
      .replace(/%(?:2e|2f|5c|25|00|7e)/gi, (code) => String.fromCharCode(parseInt(code.slice(1), 16)));
    if (path === before) break;
    if (/%(?:2e|c0|c1|e0|25|u)|%2f|%5c/i.test(before) && /\.\.[\/\\]/.test(path)) encoded = true;
  }
  if (/\.\.[ \t]{1,4}[\/\\]/.test(path)) path = path.replace(/\.\.[ \t]{1,4}(?=[\/\\])/g, ".."), encoded = true;
  const unstripped = path.replace(/\.{3,4}[\/\\]{2,4}/g, "../").replace(/\.\.;[\/\\]/g, "../");
  if (unstripped !== path) encoded = true;
  return { path: unstripped, encoded };
}

/** What a path with `..` in it does. */
function judgeClimb(path: string, encoded: boolean, sensitive: boolean): PathVerdict | undefined {
  const says = (why: string, score: number): PathVerdict => ({ kind: "traversal", score, says: why });
  if (!/\.\.[\/\\]|[\/\\]\.\.$/.test(path)) return undefined;
  if (encoded) return says("climbs out of its directory, with dots or slashes hidden", 0.92);
  if (sensitive) return says("climbs to a file of the system or of a person's secrets", 0.95);
  if (UPS.test(path) && !/\n/.test(path)) return says("climbs three directories or more", 0.75);
  if (/\s{2}|\n/.test(path)) return undefined;
  const uri = /^file:\/{0,3}/i.exec(path)?.[0] ?? "";
  const [place = ""] = path.slice(uri.length).split(/[?#]/);
  const absolute = uri !== "" || /^(?:[\/\\~]|[A-Za-z]:)/.test(place);
  let depth = 0, lowest = 0, descended = false;
  for (const part of place.replace(/^(?:[A-Za-z]:|~)/, "").split(/[\/\\]+/)) {
    if (part === "" || part === ".") continue;
    if (part === "..") lowest = Math.min(lowest, --depth);
    else depth++, descended ||= depth > 0 && lowest === 0;
  }
  if (absolute && lowest < 0) return says("climbs above where it starts", 0.85);
  if (absolute && /^[\\]{2}/.test(place)) return says("climbs on a network share", 0.85);
  if (absolute && uri !== "") return says("climbs within a file URI", 0.75);
  if (absolute && /[\/\\]\.\.[\/\\]\.\.[\/\\]/.test(place)) return says("climbs from where it starts", 0.7);
  if (!absolute && lowest < 0 && descended) return says("enters a directory and climbs out above it", 0.75);
  return undefined;
}
