/**
 * MCP servers over stdio whose SDK was not found: what comes in on stdin and goes out on stdout.
 *
 * @module
 */
import process from "node:process";
import { guarded } from "../guard.ts";
import type { McpOptions } from "../sdk/connection.ts";
import type { Sensor } from "../sensor.ts";
import { Conversation } from "./conversation.ts";
import { mayBegin } from "./framing.ts";
import { tap } from "./tap.ts";

/**
 * Waits for the program to ask for its stdin; it is not asked for before, as that would open it. Nothing is seen of a
 * stdin that does not begin as a client of MCP does, nor of stdout before.
 */
export function watchStdio(sensor: Sensor, options: McpOptions, isWanted: () => boolean): void {
  const place = Object.getOwnPropertyDescriptor(process, "stdin");
  const get = place?.get;
  if (place === undefined || get === undefined || !place.configurable) return;
  let isTapped = false;
  const value = function (this: unknown) {
    const stdin = Reflect.apply(get, this, []);
    if (!isTapped) {
      isTapped = true;
      guarded("stdio", () => watchStdin(stdin, sensor, options, isWanted));
    }
    return stdin;
  };
  Object.defineProperty(value, "name", { value: get.name, configurable: true });
  Object.defineProperty(process, "stdin", { ...place, get: value });
}

function watchStdin(stdin: object, sensor: Sensor, options: McpOptions, isWanted: () => boolean): void {
  let conversation: Conversation | undefined;
  tap(stdin, "push", (chunk) => {
    if (!isWanted()) return false;
    if (conversation === undefined) {
      if (!mayBegin(chunk)) return false;
      const begun = conversation = new Conversation(sensor, options);
      tap(process.stdout, "write", (sent) => {
        if (!isWanted()) return false;
        begun.out(sent);
        return true;
      });
    }
    conversation.in(chunk);
    return true;
  });
}
