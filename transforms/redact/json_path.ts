/**
 * JSONPath (RFC 9535), by a library that is loaded when a rule needs it.
 *
 * @module
 */

/** What cannot be a JSONPath; the message says why. */
export class JsonPathError extends Error {
  override readonly name = "JsonPathError";
}

/** A place in what a JSONPath selects: by member or index. `here`: it is selected. */
export interface Selected {
  here: boolean;
  readonly below: Map<string | number, Selected>;
}

/** A compiled query. */
export interface JsonPath {
  /** The places that it selects, as a tree. */
  select(value: unknown): Selected | undefined;
}

/** Loads the library, the first time, and compiles a query. */
export async function compileJsonPath(text: string): Promise<JsonPath> {
  const { jsonpath } = await import("json-p3");
  try {
    const query = jsonpath.compile(text);
    return {
      select(value) {
        let root: Selected | undefined;
        for (const { location } of query.query(value as Parameters<typeof query.query>[0])) {
          let at = root ??= { here: false, below: new Map() };
          for (const key of location) {
            let next = at.below.get(key);
            if (next === undefined) at.below.set(key, next = { here: false, below: new Map() });
            at = next;
          }
          at.here = true;
        }
        return root;
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new JsonPathError(`expected a JSONPath (RFC 9535): ${reason}`);
  }
}
