/**
 * The methods of the Model Context Protocol, by revision. Used to classify, never to refuse.
 *
 * Source: `modelcontextprotocol/modelcontextprotocol` at b0f60ba5, `schema/<revision>/schema.ts` (the unions
 * ClientRequest, ServerRequest, ClientNotification, ServerNotification); tasks in 2026-07-28 from
 * `modelcontextprotocol/ext-tasks`, `schema/draft/schema.ts`.
 *
 * @module
 */
import { isModern, type Revision, REVISIONS } from "./revisions.ts";

export { type Revision, REVISIONS };

/** Which side of a session. */
export type Side = "client" | "server";

/** What the specification says of a method. */
export interface Method {
  /** The method's name. */
  readonly name: string;
  /** Whether it wants an answer. */
  readonly kind: "request" | "notification";
  /** Who sends it: the client, the server, or either. In some revision; {@linkcode senderOf} knows of one. */
  readonly sender: Side | "both";
  /** Who sends it since 2026-07-28, if that differs. */
  readonly modernSender?: Side;
  /** First revision that has it. */
  readonly since: Revision;
  /** Last revision that has it, as a message of its own. Absent: the newest has it. */
  readonly until?: Revision;
  /** True if from 2026-07-28 on it belongs to the extension `io.modelcontextprotocol/tasks`. */
  readonly isExtension?: boolean;
}

/** Rows of name, sender, since, until. A sender such as `both/client` tells the one before 2026-07-28 and since. */
type Row = readonly [name: string, sender: Method["sender"] | `both/${Side}`, since: Revision, until?: Revision];

const REQUESTS: readonly Row[] = [
  ["initialize", "client", "2024-11-05", "2025-11-25"],
  ["ping", "both", "2024-11-05", "2025-11-25"],
  ["server/discover", "client", "2026-07-28"],
  ["tools/list", "client", "2024-11-05"],
  ["tools/call", "client", "2024-11-05"],
  ["prompts/list", "client", "2024-11-05"],
  ["prompts/get", "client", "2024-11-05"],
  ["resources/list", "client", "2024-11-05"],
  ["resources/templates/list", "client", "2024-11-05"],
  ["resources/read", "client", "2024-11-05"],
  ["resources/subscribe", "client", "2024-11-05", "2025-11-25"],
  ["resources/unsubscribe", "client", "2024-11-05", "2025-11-25"],
  ["subscriptions/listen", "client", "2026-07-28"],
  ["completion/complete", "client", "2024-11-05"],
  ["logging/setLevel", "client", "2024-11-05", "2025-11-25"],
  ["sampling/createMessage", "server", "2024-11-05", "2025-11-25"],
  ["roots/list", "server", "2024-11-05", "2025-11-25"],
  ["elicitation/create", "server", "2025-06-18", "2025-11-25"],
  ["tasks/get", "both/client", "2025-11-25"],
  ["tasks/cancel", "both/client", "2025-11-25"],
  ["tasks/list", "both", "2025-11-25", "2025-11-25"],
  ["tasks/result", "both", "2025-11-25", "2025-11-25"],
  ["tasks/update", "client", "2026-07-28"],
];

const NOTIFICATIONS: readonly Row[] = [
  ["notifications/initialized", "client", "2024-11-05", "2025-11-25"],
  ["notifications/roots/list_changed", "client", "2024-11-05", "2025-11-25"],
  ["notifications/cancelled", "both", "2024-11-05"],
  ["notifications/progress", "both/server", "2024-11-05"],
  ["notifications/message", "server", "2024-11-05"],
  ["notifications/tools/list_changed", "server", "2024-11-05"],
  ["notifications/prompts/list_changed", "server", "2024-11-05"],
  ["notifications/resources/list_changed", "server", "2024-11-05"],
  ["notifications/resources/updated", "server", "2024-11-05"],
  ["notifications/tasks/status", "both", "2025-11-25", "2025-11-25"],
  ["notifications/tasks", "server", "2026-07-28"],
  ["notifications/elicitation/complete", "server", "2025-11-25", "2025-11-25"],
  ["notifications/subscriptions/acknowledged", "server", "2026-07-28"],
];

/** All methods by name. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  [...rows("request", REQUESTS), ...rows("notification", NOTIFICATIONS)].map((method) => [method.name, method]),
);

/** What is known of the method; undefined if no revision has it. */
export function methodNamed(name: string): Method | undefined {
  return METHODS.get(name);
}

/** True if a revision has the method as a message of its own. Of revisions that are not published: false. */
export function isInRevision({ since, until }: Method, revision: string): boolean {
  const at = (REVISIONS as readonly string[]).indexOf(revision);
  return at >= REVISIONS.indexOf(since) && (until === undefined || at <= REVISIONS.indexOf(until));
}

/** Which side sends the method in a revision (any, if undefined); undefined if either may, or nothing is known of it. */
export function senderOf(name: string, revision?: string): Side | undefined {
  const method = METHODS.get(name);
  if (method === undefined) return undefined;
  if (method.modernSender !== undefined && revision !== undefined && isModern(revision)) return method.modernSender;
  return method.sender === "both" ? undefined : method.sender;
}

function rows(kind: Method["kind"], table: readonly Row[]): Method[] {
  return table.map(([name, senders, since, until]) => {
    const [sender, modernSender] = senders.split("/") as [Method["sender"], Side?];
    return {
      name,
      kind,
      sender,
      since,
      ...(modernSender === undefined ? {} : { modernSender }),
      ...(until === undefined ? {} : { until }),
      ...(name.includes("tasks") && until === undefined ? { isExtension: true } : {}),
    };
  });
}
