/**
 * MCP clients whose SDK was not found: what goes to the stdin of a child process, and comes from its stdout.
 *
 * @module
 */
import type { McpOptions } from "../sdk/connection.ts";
import type { Sensor } from "../sensor.ts";
import { Conversation } from "./conversation.ts";
import { mayBegin } from "./framing.ts";
import { tap } from "./tap.ts";

/** Sees the pipes of a child that was just started, if the first that is said to it is what a client of MCP says. */
export function watchChild(
  sensor: Sensor,
  options: McpOptions,
  child: object,
  command: readonly string[],
  isWanted: () => boolean,
): void {
  const { stdin, stdout } = child as { stdin?: object | null; stdout?: object | null };
  if (!stdin || !stdout) return;
  let conversation: Conversation | undefined;
  tap(stdin, "write", (chunk) => {
    if (!isWanted()) return false;
    if (conversation === undefined) {
      if (!mayBegin(chunk)) return false;
      const begun = conversation = new Conversation(sensor, options, command);
      tap(stdout, "push", (received) => {
        if (!isWanted()) return false;
        begun.in(received);
        return true;
      });
    }
    conversation.out(chunk);
    return true;
  });
}
