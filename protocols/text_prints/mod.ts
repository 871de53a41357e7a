/**
 * Fingerprints by which texts that share a part are known.
 *
 * @module
 */
export { MAX_TEXT, ONE_IN, Prints, STRETCH } from "./prints.ts";
