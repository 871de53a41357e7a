/**
 * Which proxy a URL is reached through.
 *
 * @module
 */
import { BlockList, isIP } from "node:net";

/** A variable of the environment, in either case: the lower one wins, as in curl. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy's URL by `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`; undefined for none. This machine is reached
 * without one, as in Go's `httpproxy`. Throws a sentence if the variable is no URL of an HTTP proxy.
 */
export function proxyOf(target: URL, env: Environment): URL | undefined {
  const name = target.protocol === "https:" ? "https_proxy" : "http_proxy";
  const value = read(env, name) ?? read(env, "all_proxy");
  if (value === undefined || isLocal(bare(target.hostname)) || isExempt(target, read(env, "no_proxy"))) {
    return undefined;
  }
  const url = URL.parse(value.includes("://") ? value : `http://${value}`);
  if (url === null || url.protocol !== "http:" && url.protocol !== "https:") {
    throw new Error(`${name.toUpperCase()} in the environment is no URL of an HTTP proxy`);
  }
  return url;
}

function read(env: Environment, name: string): string | undefined {
  return env[name] || env[name.toUpperCase()] || undefined;
}

function isLocal(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Names, which stand for what is below them too, addresses and networks, each with a port or not; `*` for all. */
function isExempt(target: URL, list: string | undefined): boolean {
  const host = bare(target.hostname), port = target.port || (target.protocol === "https:" ? "443" : "80");
  return (list ?? "").split(/[\s,]+/).filter((entry) => entry !== "").some((given) => {
    if (given === "*") return true;
    const entry = given.toLowerCase();
    if (entry.includes("/")) return isWithin(host, entry);
    const [, name = entry, theirs = port] = /^(.+):(\d+)$/.exec(isIP(entry) ? "" : entry) ?? [];
    const suffix = bare(name).replace(/^\*?\./, "");
    return theirs === port && (host === suffix || !isIP(host) && host.endsWith(`.${suffix}`));
  });
}

function isWithin(host: string, network: string): boolean {
  const family = isIP(host) === 6 ? "ipv6" : "ipv4";
  const [address = "", bits = ""] = network.split("/");
  if (isIP(host) === 0 || isIP(address) !== isIP(host) || !/^\d{1,3}$/.test(bits)) return false;
  try {
    const list = new BlockList();
    list.addSubnet(address, Number(bits), family);
    return list.check(host, family);
  } catch {
    return false;
  }
}

/** Without the brackets of an IPv6 address. */
function bare(host: string): string {
  return host.replace(/^\[|\]$/g, "").toLowerCase();
}
