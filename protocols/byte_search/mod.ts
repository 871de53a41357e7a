/**
 * A search for many short texts at once, which tells what is worth a closer look.
 *
 * @module
 */
export { ByteSearch, forgetSearched } from "./byte_search.ts";
export { StringSearch } from "./string_search.ts";
export { MAX_GROUPS, type Needle } from "./needle.ts";
