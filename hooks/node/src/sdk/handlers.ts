/**
 * Notes what handlers throw: the SDK makes an error response of it, which does not say its type.
 *
 * @module
 */
import { currentCall } from "../call.ts";
import { guarded, typeName } from "../guard.ts";
import type { AnyFunction } from "../patch.ts";
import type { ProtocolLike } from "./shapes.ts";

/** Stands for `setRequestHandler`: handlers that it has added note what they throw. */
export function notingHandlers(original: AnyFunction): AnyFunction {
  return function (this: ProtocolLike, ...args: unknown[]) {
    const handlers = this._requestHandlers;
    const before = handlers instanceof Map ? new Set(handlers.values()) : undefined;
    const result = Reflect.apply(original, this, args);
    guarded("sdk.handler", () => {
      if (!(handlers instanceof Map)) return;
      for (const [method, handler] of handlers) {
        if (!before?.has(handler)) {
          handlers.set(method, noting(handler as AnyFunction));
        }
      }
    });
    return result;
  };
}

/** The same function, which notes the type of what it throws. */
export function noting(original: AnyFunction): AnyFunction {
  if (typeof original !== "function") return original;
  return function (this: unknown, ...args: unknown[]) {
    try {
      const result = Reflect.apply(original, this, args);
      if (result instanceof Promise) result.then(undefined, note);
      return result;
    } catch (error) {
      note(error);
      throw error;
    }
  };
}

function note(error: unknown): void {
  const call = currentCall();
  if (call !== undefined) call.exception ??= typeName(error);
}
