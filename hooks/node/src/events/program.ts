/**
 * What a person would call a program.
 *
 * @module
 */

/** File names that say nothing. */
const PLAIN = /^(?:index|main|cli|bin|server|app|start|run|stdio)\.[cm]?[jt]sx?$/;

/** `server-everything` for `node …/node_modules/@modelcontextprotocol/server-everything/dist/index.js`. */
export function nameOf(argv: readonly string[]): string {
  const script = argv[1] ?? argv[0] ?? "";
  const parts = script.split(/[\\/]/);
  const file = parts.at(-1) ?? "";
  const at = parts.lastIndexOf("node_modules");
  if (at >= 0 && PLAIN.test(file)) {
    const name = parts[at + 1] ?? "";
    return (name.startsWith("@") ? parts[at + 2] : name) || file;
  }
  return file;
}
