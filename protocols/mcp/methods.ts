/**
 * The methods of the Model Context Protocol, by revision. Used to classify, never to refuse.
 *
 * Source: `modelcontextprotocol/modelcontextprotocol` at b0f60ba5, `schema/<revision>/schema.ts` (the unions
 * ClientRequest, ServerRequest, ClientNotification, ServerNotification); tasks in 2026-07-28 from
 * `modelcontextprotocol/ext-tasks`, `schema/draft/schema.ts`.
 *
 * @module
 */

/** The published revisions, oldest first. */
export const REVISIONS = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"] as const;
/** A published revision of MCP. */
export type Revision = typeof REVISIONS[number];

/** What the specification says of a method. */
export interface Method {
  /** The method's name. */
  readonly name: string;
  /** Whether it wants an answer. */
  readonly kind: "request" | "notification";
  /** Who sends it: the client, the server, or either. In some revision; a few differ from one to the next. */
  readonly sender: "client" | "server" | "both";
  /** First revision that has it. */
  readonly since: Revision;
  /** Last revision that has it, as a message of its own. Absent: the newest has it. */
  readonly until?: Revision;
}

/** Rows of name, sender, since, until. */
type Row = readonly [name: string, sender: Method["sender"], since: Revision, until?: Revision];

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
  ["tasks/get", "both", "2025-11-25"],
  ["tasks/cancel", "both", "2025-11-25"],
  ["tasks/list", "both", "2025-11-25", "2025-11-25"],
  ["tasks/result", "both", "2025-11-25", "2025-11-25"],
  ["tasks/update", "client", "2026-07-28"],
];

const NOTIFICATIONS: readonly Row[] = [
  ["notifications/initialized", "client", "2024-11-05", "2025-11-25"],
  ["notifications/roots/list_changed", "client", "2024-11-05", "2025-11-25"],
  ["notifications/cancelled", "both", "2024-11-05"],
  ["notifications/progress", "both", "2024-11-05"],
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

function rows(kind: Method["kind"], table: readonly Row[]): Method[] {
  return table.map(([name, sender, since, until]) => ({
    name,
    kind,
    sender,
    since,
    ...(until === undefined ? {} : { until }),
  }));
}
