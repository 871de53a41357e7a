/**
 * Where instances of an SDK's classes come to when they are made; `modules/marks.ts` sends them.
 *
 * @module
 */
import { fault } from "../guard.ts";
import { DOOR } from "../modules/marks.ts";

/** A class of an SDK is patched when the first of its instances is made: until then there is nothing to see. */
export type Visit = (instance: object) => void;

/** Opens the door. */
export function openDoor(visit: Visit): void {
  const value = (instance: unknown): void => {
    try {
      if (typeof instance === "object" && instance !== null) visit(instance);
    } catch (error) {
      fault("sdk", error);
    }
  };
  Object.defineProperty(globalThis, Symbol.for(DOOR), {
    value,
    configurable: true,
    enumerable: false,
  });
}
