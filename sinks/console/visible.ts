/**
 * Text of others as a terminal may show it.
 *
 * @module
 */
export * from "../../pipeline/visible.ts";
