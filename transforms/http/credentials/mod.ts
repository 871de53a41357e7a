/**
 * Keeps credentials out of what is emitted: each is replaced by a hash.
 *
 * @module
 */
import type { HttpHeaders } from "../../../pipeline/event.ts";
import type { RecentMap } from "../../../pipeline/recent_map.ts";
import { hideInBody } from "./bodies.ts";
import { hideInHeader } from "./headers.ts";
import { headerKind } from "./names.ts";
import { recentTexts } from "./recent.ts";
import { hideInAuthority, hideInUrl } from "./urls.ts";

/** Replaces credentials, or shows them in clear. */
export class Credentials {
  readonly #keep: boolean;
  readonly #targets = recentTexts();
  /** By header name: what was made of its last values. */
  readonly #values = new Map<string, RecentMap<string, string>>();

  /** `keep`: all stays as it is. */
  constructor(keep: boolean) {
    this.#keep = keep;
  }

  /** Header fields: the same array if there is nothing to hide. */
  headers(headers: HttpHeaders): HttpHeaders {
    if (this.#keep) return headers;
    let shown: (readonly [string, string])[] | undefined;
    for (let k = 0; k < headers.length; k++) {
      const [name, value] = headers[k]!;
      const kind = headerKind(name);
      if (kind === undefined || value === "" || (kind === "authority" && !value.includes("@"))) continue;
      const hidden = this.#recent(name).recall(value, (value) => hideInHeader(kind, name, value));
      if (hidden !== value) (shown ??= [...headers])[k] = [name, hidden];
    }
    return shown ?? headers;
  }

  /** A request's target. */
  target(target: string): string {
    if (this.#keep || !(target.includes("=") || target.includes("@"))) return target;
    if (!target.includes("/")) return hideInAuthority(target); // of CONNECT
    return this.#targets.recall(target, hideInUrl);
  }

  /** `Host` or `:authority`. */
  authority(authority: string | undefined): string | undefined {
    return this.#keep || authority === undefined || !authority.includes("@") ? authority : hideInAuthority(authority);
  }

  /** A decoded body: the same array if there is nothing to hide. `target` is the request's. */
  body(headers: HttpHeaders, target: string | undefined, body: Uint8Array): Uint8Array {
    return this.#keep ? body : hideInBody(headers, target, body);
  }

  #recent(name: string): RecentMap<string, string> {
    let recent = this.#values.get(name);
    if (recent === undefined) {
      if (this.#values.size >= NAMES) this.#values.clear();
      this.#values.set(name, recent = recentTexts());
    }
    return recent;
  }
}

/** Header names whose values are remembered. */
const NAMES = 32;
