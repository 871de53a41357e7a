/**
 * What can be asked for: every field of the filter language. Its documentation is made of this table.
 *
 * @module
 */
import type { Field } from "./field.ts";
import { EVENT_FIELDS, JUDGED_FIELDS } from "./fields/event.ts";
import { MESSAGE_FIELDS } from "./fields/message.ts";
import { PARTY_FIELDS } from "./fields/party.ts";

/** The fields in groups, as the documentation shows them. */
export const FIELD_GROUPS: readonly { readonly title: string; readonly fields: readonly Field[] }[] = [
  { title: "Any event", fields: EVENT_FIELDS },
  { title: "Messages and calls", fields: MESSAGE_FIELDS },
  { title: "Who and how", fields: PARTY_FIELDS },
  { title: "Findings and gaps", fields: JUDGED_FIELDS },
];

/** All fields. */
export const FIELDS: readonly Field[] = FIELD_GROUPS.flatMap(({ fields }) => fields);

const BY_NAME: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.name, field]));

/** All names. */
export const FIELD_NAMES: readonly string[] = [...BY_NAME.keys()];

/** The field of this name, without regard to case. */
export function fieldNamed(name: string): Field | undefined {
  return BY_NAME.get(name) ?? BY_NAME.get(name.toLowerCase());
}
