/**
 * Members of a JSON text by their paths: a pure codec.
 *
 * @module
 */
export { forgetMembers, Members, MembersFound } from "./members.ts";
