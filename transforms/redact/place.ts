/**
 * Places in a JSON document, and what is done to the values there.
 *
 * @module
 */
import type { Frame } from "./frame.ts";
import { type Part, partOf, Schema } from "./json_schema.ts";
import type { Deed } from "./rule.ts";

/** What holds at a value. */
export interface Place {
  readonly frame: Frame;
  /** What is done to it for the name that it, or something around it, stands under. */
  readonly deed: Deed | undefined;
  readonly schema: Schema;
  /** In the schema of something whose name tells: what is done to its default and the like. */
  readonly described: { readonly frame: Frame; readonly deed: Deed | undefined } | undefined;
}

/** The place of the member `name`, an object, an array or something else. `deedOf` tells what its name means. */
export function placeBelow(
  place: Place,
  name: string,
  isObject: boolean,
  isArray: boolean,
  deedOf: (name: string) => Deed | undefined,
): Place {
  const { schema, described } = place;
  const part: Part = partOf(schema, name, isObject, isArray);
  if (part === "ordinary") {
    const frame = place.frame.step(name, true);
    const own = deedOf(name) ?? place.deed;
    // In the schema of a password, what no schema has may be one.
    const deed = schema === Schema.schema ? own ?? described?.deed : own;
    if (frame === place.frame && deed === place.deed && schema === Schema.outside) return place;
    return { frame, deed, schema: Schema.outside, described: undefined };
  }
  if (part === "value") {
    const frame = (described?.frame ?? place.frame).step(name, false);
    return { frame, deed: described?.deed, schema: Schema.outside, described: undefined };
  }
  const frame = place.frame.step(name, false);
  if (part === "named") return { frame, deed: undefined, schema: Schema.named, described };
  if (schema === Schema.outside) return { frame, deed: undefined, schema: Schema.schema, described: undefined };
  if (schema === Schema.schema) return { frame, deed: undefined, schema: Schema.schema, described };
  const deed = deedOf(name) ?? described?.deed;
  return {
    frame,
    deed: undefined,
    schema: Schema.schema,
    described: { frame: place.frame.step(name, true), deed },
  };
}
