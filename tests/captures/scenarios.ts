/** The conversations of both SDK generations that the tests of semantics look at, and how they are held. */
import { type Method, METHODS, type Revision } from "../../protocols/mcp/methods.ts";

/** A client, a server, and what is between them. */
export interface Scenario {
  readonly revision: Revision;
  readonly transport: "stdio" | "http" | "sse";
  /** The peers' folder under tests/e2e/peers. */
  readonly peer: "typescript1" | "typescript2" | "python2";
}

/** All, by name. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "2024-11-05-stdio": { revision: "2024-11-05", transport: "stdio", peer: "typescript1" },
  "2024-11-05-sse": { revision: "2024-11-05", transport: "sse", peer: "typescript1" },
  "2025-03-26-stdio": { revision: "2025-03-26", transport: "stdio", peer: "typescript1" },
  "2025-06-18-http": { revision: "2025-06-18", transport: "http", peer: "typescript1" },
  "2025-11-25-stdio": { revision: "2025-11-25", transport: "stdio", peer: "typescript1" },
  "2025-11-25-http": { revision: "2025-11-25", transport: "http", peer: "typescript1" },
  "2026-07-28-stdio": { revision: "2026-07-28", transport: "stdio", peer: "typescript2" },
  "2026-07-28-http": { revision: "2026-07-28", transport: "http", peer: "typescript2" },
  "2025-11-25-python": { revision: "2025-11-25", transport: "stdio", peer: "python2" },
  "2026-07-28-python": { revision: "2026-07-28", transport: "stdio", peer: "python2" },
};

/** What a revision has. */
export function methodsOf(revision: Revision): Method[] {
  return [...METHODS.values()].filter(({ since, until }) => {
    return since <= revision && (until === undefined || revision <= until);
  });
}
