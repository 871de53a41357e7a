/**
 * Which requests are answered at all: those that ask for us by one of our names, and do not come from another site's page.
 * A page of an attacker may let its name point to 127.0.0.1 (DNS rebinding); the `Host` header still has its name.
 *
 * @module
 */
import { isIP } from "node:net";
import { isLoopback, isUnspecified } from "./listen.ts";

/** Who may ask, and by which name. */
export interface GuardOptions {
  /** The address that is listened on. */
  readonly host: string;
  /** More names, with or without a port. */
  readonly allowedHosts: readonly string[];
  /** Sites whose pages may use the API. */
  readonly allowedOrigins: readonly string[];
}

/** The headers that matter; undefined where there is none. */
export interface Asked {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site` (W3C Fetch Metadata). */
  readonly site: string | undefined;
  /** `Sec-Fetch-Mode`. */
  readonly mode: string | undefined;
  /** Whether the page itself is asked for, which any link may lead to. */
  readonly isPage: boolean;
}

const LOCAL: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Looks at each request. */
export class Guard {
  readonly #host: string;
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;

  constructor({ host, allowedHosts, allowedOrigins }: GuardOptions) {
    this.#host = host.toLowerCase();
    this.#hosts = new Set(allowedHosts.map((name) => name.toLowerCase()));
    this.#origins = new Set(allowedOrigins.map((origin) => origin.toLowerCase()));
  }

  /** Why the request is refused, as a sentence; undefined if it is not. */
  refuses(asked: Asked): string | undefined {
    const host = asked.host?.toLowerCase();
    if (host === undefined || !this.#isOurs(host)) {
      return "the Host header names another machine; if this one goes by that name, add it to allowed_hosts";
    }
    const origin = asked.origin?.toLowerCase();
    if (origin !== undefined) {
      const isSame = origin === `http://${host}` || origin === `https://${host}`;
      return isSame || this.#origins.has(origin) ? undefined : "pages of other sites may not ask";
    }
    // without an Origin no script reads the answer; yet nothing but a link has a reason to ask
    const isForeign = asked.site !== undefined && asked.site !== "same-origin" && asked.site !== "none";
    if (!isForeign || (asked.isPage && asked.mode === "navigate")) return undefined;
    return "pages of other sites may not ask";
  }

  /** Whether a page of this origin may read the answers. */
  allows(origin: string): boolean {
    return this.#origins.has(origin.toLowerCase());
  }

  /**
   * Ports are left aside, so that a tunnel may have another one: an attacker's page cannot choose the name `localhost`, nor
   * an address in place of a name.
   */
  #isOurs(host: string): boolean {
    const name = host.replace(/:\d{1,5}$/, "");
    if (this.#hosts.has(host) || this.#hosts.has(name)) return true;
    if (LOCAL.has(name)) return isLoopback(this.#host) || isUnspecified(this.#host);
    const address = name.replace(/^\[|\]$/g, "");
    return isUnspecified(this.#host) ? isIP(address) !== 0 : address === this.#host;
  }
}
