/**
 * Notices new sessions, and when one has said who it is.
 *
 * @module
 */
import type { Implementation, McpSession } from "../../pipeline/context.ts";
import { QuickMap } from "./quick_map.ts";

/** What was known of a session when the detectors were last asked. */
interface Seen {
  client: Implementation | undefined;
  server: Implementation | undefined;
}

/** Remembers sessions for as long as someone else does. */
export class SessionWatch {
  readonly #seen = new QuickMap<McpSession, Seen>();

  /** True if the session is new, or has said who it is since it was last asked for. */
  isNews(session: McpSession): boolean {
    const seen = this.#seen.get(session, session);
    const { clientInfo: client, server: { info: server } } = session;
    if (seen === undefined) {
      this.#seen.set(session, { client, server });
      return true;
    }
    if (seen.client === client && seen.server === server) return false;
    seen.client = client;
    seen.server = server;
    return true;
  }
}
