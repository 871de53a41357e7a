/**
 * Puts a function of ours in the place of one of the program's, so that nobody can tell.
 *
 * @module
 */

/** A function as it is called. */
// deno-lint-ignore no-explicit-any -- it stands for any function, whose arguments are passed on unseen
export type AnyFunction = (this: any, ...args: any[]) => any;

/** What was put in the place of something. */
const replaced = new WeakSet<AnyFunction>();

/**
 * Replaces `owner[name]`, if that is a function of its own that can be replaced. The replacement has its name, length,
 * further members and place in the order of keys; `make` gets the original. Gives false if nothing was done.
 */
export function patch(owner: object, name: PropertyKey, make: (original: AnyFunction) => AnyFunction): boolean {
  const place = Object.getOwnPropertyDescriptor(owner, name);
  const original: unknown = place?.value;
  if (place === undefined || typeof original !== "function") return false;
  if (!place.configurable && !place.writable) return false;
  const replacement = disguise(make(original as AnyFunction), original as AnyFunction);
  if (place.configurable) {
    Object.defineProperty(owner, name, { ...place, value: replacement });
  } else (owner as Record<PropertyKey, unknown>)[name] = replacement;
  return true;
}

/** The same, unless it was replaced before. */
export function patchOnce(owner: object, name: PropertyKey, make: (original: AnyFunction) => AnyFunction): boolean {
  const original: unknown = Object.getOwnPropertyDescriptor(owner, name)?.value;
  return !replaced.has(original as AnyFunction) && patch(owner, name, make);
}

/** Gives a function the look of another: its name, length, prototype and what else it holds. */
function disguise(make: AnyFunction, original: AnyFunction): AnyFunction {
  const replacement = Object.hasOwn(original, "prototype") ? make : asMethod(make);
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor !== undefined) Reflect.defineProperty(replacement, key, descriptor);
  }
  Object.setPrototypeOf(replacement, Object.getPrototypeOf(original));
  replaced.add(replacement);
  return replacement;
}

/** The same as a method of a class, which is no constructor. */
function asMethod(make: AnyFunction): AnyFunction {
  return {
    method(this: unknown, ...args: unknown[]): unknown {
      return Reflect.apply(make, this, args);
    },
  }.method;
}

/** The prototype, or the object itself, that holds a method of `object`. */
export function holderOf(object: object, name: PropertyKey): object | undefined {
  for (
    let at: object | null = object;
    at !== null;
    at = Object.getPrototypeOf(at)
  ) {
    if (Object.hasOwn(at, name)) return at;
  }
  return undefined;
}
