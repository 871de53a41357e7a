/**
 * What `hooks/README.md` says of lines and files.
 *
 * @module
 */

/** Longest line, in bytes, its LF included. */
export const MAX_LINE = 1024 * 1024;
/** Longest message that is looked at, in UTF-16 units: more than a line takes. */
export const MAX_MESSAGE = MAX_LINE - 16 * 1024;
