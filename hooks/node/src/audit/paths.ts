/**
 * Paths whose reading is worth to be told of: where keys, passwords and other people's data stand.
 *
 * @module
 */

/** Parts of paths; most paths have none of them. The Python sensor has the same (`audit/paths.py`). */
const MARKS = [
  ...["/.ssh/", "/.aws/", "/.azure/", "/.config/gcloud", "/.kube/", "/.docker/config", "/.gnupg/", "/.netrc"],
  ...["/.pgpass", "/.npmrc", "/.pypirc", "/.git-credentials", "/.env", "/.vault-token", "/.claude"],
  ...["/.cursor/mcp.json", "/.mcp.json", "/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/ssl/private"],
  ...["id_rsa", "id_ed25519", "id_ecdsa", "/proc/1/", "/environ", "/run/secrets/", "/docker.sock", "/Login Data"],
  ...["/cookies.sqlite", "/key4.db", "/wallet.dat", ".kdbx", ".pem", ".p12", ".pfx", "/credentials"],
];
/** Code is none of these. */
const CODE = /\.(?:[cm]?[jt]sx?|json|node|wasm|map)$/;
/** What is JSON and sensitive all the same. */
const SENSITIVE_JSON = /\/\.(?:docker|cursor|claude|config\/gcloud|aws|azure)\b|\.mcp\.json$|\/credentials\.json$/;
/** What has a mark and is public. */
const PUBLIC = ["cacert.pem", "/etc/ssl/certs/", "/etc/ssl/cert.pem"];

/** Gives a test of paths: the built-in list, and more patterns in which `*` is any text. */
export function sensitivePaths(more: readonly string[]): (path: string) => boolean {
  const own = more.slice(0, 100).map((pattern) => pattern.split("*"));
  return (path) => {
    if (own.some((parts) => fits(path, parts))) return true;
    if (CODE.test(path) && !SENSITIVE_JSON.test(path)) return false;
    if (path.startsWith(".env")) return true; // in the working folder
    return MARKS.some((mark) => path.includes(mark)) &&
      !PUBLIC.some((part) => path.includes(part));
  };
}

/** A glob in linear time: the texts between stars, each at its first place after the last. */
function fits(path: string, parts: readonly string[]): boolean {
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return path === first;
  if (!path.startsWith(first) || path.length < first.length + last.length || !path.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= path.length - last.length;
}
