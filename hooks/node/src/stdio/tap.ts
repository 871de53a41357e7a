/**
 * Sees what passes one method of one stream, for as long as it is of interest.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { guarded } from "../guard.ts";
import type { AnyFunction } from "../patch.ts";

/** Told of bytes. Gives false when it wants no more. */
export type Seen = (chunk: Uint8Array) => boolean;

/** Puts a member of our own before the method that the stream inherits; it is taken away when no more is wanted. */
export function tap(stream: object, method: "push" | "write", seen: Seen): void {
  const inherited = (stream as Record<string, unknown>)[method];
  if (typeof inherited !== "function" || Object.hasOwn(stream, method)) return;
  const original = inherited as AnyFunction;
  const see = (args: readonly unknown[]) =>
    guarded("stdio", () => {
      const [chunk, encoding] = args;
      const bytes = bytesOf(chunk, encoding);
      if (bytes === undefined || seen(bytes)) return;
      if (Object.getOwnPropertyDescriptor(stream, method)?.value === value) Reflect.deleteProperty(stream, method);
    });
  const value = function (this: unknown, ...args: unknown[]) {
    if (method === "push") see(args); // the program may answer before it returns
    const result = Reflect.apply(original, this, args);
    if (method === "write") see(args);
    return result;
  };
  Object.defineProperty(value, "name", { value: original.name, configurable: true });
  Object.defineProperty(value, "length", { value: original.length, configurable: true });
  Object.defineProperty(stream, method, { value, configurable: true, writable: true, enumerable: false });
}

function bytesOf(chunk: unknown, encoding: unknown): Uint8Array | undefined {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk !== "string") return undefined;
  return Buffer.from(chunk, typeof encoding === "string" ? encoding as "utf8" : "utf8");
}
