/**
 * Members of a JSON text by their paths: a pure codec.
 *
 * @module
 */
export { forgetMembers, Members } from "./members.ts";
