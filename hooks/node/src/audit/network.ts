/**
 * Connections, and requests over HTTP.
 *
 * @module
 */
import type { Channel } from "node:diagnostics_channel";
import { builtin, isLoaded, RUNTIME } from "../builtin.ts";
import { guarded } from "../guard.ts";
import { holderOf, patchOnce } from "../patch.ts";
import { isOwnWork } from "../write/own.ts";
import type { Aggregate } from "./aggregate.ts";

interface Address {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly path?: unknown;
}
interface Request {
  readonly method?: unknown;
  readonly protocol?: unknown;
  readonly host?: unknown;
  readonly path?: unknown;
  readonly origin?: unknown;
  getHeader?(name: string): unknown;
}

/** Subscribes to what Node publishes, and sees sockets connect from the first that is made on. */
export function watchNetwork(aggregate: Aggregate): void {
  const { subscribe } = builtin<typeof import("node:diagnostics_channel")>("node:diagnostics_channel");
  const on = (name: Parameters<typeof subscribe>[0], seen: (message: unknown) => void) =>
    subscribe(name as Channel["name"], (message) => guarded("audit.network", () => seen(message)));
  const watchSocket = (socket: unknown) => {
    const holder = typeof socket === "object" && socket !== null ? holderOf(socket, "connect") : undefined;
    if (holder !== undefined) watchConnect(aggregate, holder);
  };
  if (aggregate.wants("net.connect")) {
    on("net.client.socket", (message) => watchSocket((message as { socket?: unknown }).socket));
    if (RUNTIME !== "node") watchSockets(aggregate);
  }
  if (!aggregate.wants("http.request")) return;
  on("http.client.request.start", (message) => {
    const { request } = message as { request: Request };
    const host = request.getHeader?.("host") ?? request.host;
    aggregate.told("http.request", [
      String(request.method),
      `${request.protocol}//${host}${request.path}`,
    ]);
  });
  on("undici:request:create", (message) => {
    const { request } = message as { request: Request };
    aggregate.told("http.request", [String(request.method), `${request.origin}${request.path}`]);
  });
}

/** Sees sockets of a program that has loaded `net` by now: TLS connects without a word. */
export function watchSockets(aggregate: Aggregate): void {
  if (RUNTIME === "node" && !isLoaded("net")) return;
  const { Socket } = builtin<typeof import("node:net")>("node:net");
  watchConnect(aggregate, Socket.prototype);
}

function watchConnect(aggregate: Aggregate, holder: object): void {
  patchOnce(holder, "connect", (original) =>
    function (this: unknown, ...args: unknown[]) {
      if (!isOwnWork()) {
        guarded("audit.network", () => {
          const where = addressOf(args);
          if (where !== undefined) aggregate.told("net.connect", [where]);
        });
      }
      return Reflect.apply(original, this, args);
    });
}

/** Of `connect(port, host)`, `connect(path)`, `connect(options)` and what `net` makes of them: `host:port` or a path. */
function addressOf([first, second]: readonly unknown[]): string | undefined {
  const options = Array.isArray(first) ? first[0] : first;
  if (typeof options === "object" && options !== null) {
    const { host, port, path } = options as Address;
    return path === undefined || path === null ? `${host ?? "localhost"}:${port}` : String(path);
  }
  if (typeof options === "string" && !/^\d+$/.test(options)) return options;
  return options === undefined ? undefined : `${typeof second === "string" ? second : "localhost"}:${options}`;
}
