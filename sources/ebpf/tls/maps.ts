/**
 * The files that a process has mapped to execute, from `/proc/PID/maps` (proc(5)).
 *
 * @module
 */

/** A file mapped executable, one a file: its first such mapping. */
export interface MappedFile {
  /** As in `/proc/PID/map_files`: `7f00-7fff`. */
  readonly range: string;
  /** As the process sees it; ` (deleted)` is taken off. */
  readonly path: string;
  /** Nobody can open it by its path any more. */
  readonly deleted: boolean;
  readonly inode: string;
}

/** Longest text that is looked at, in UTF-16 units: some 100,000 mappings. */
const MAX_TEXT = 16 << 20;
const DELETED = " (deleted)";

/** Parses the text of `/proc/PID/maps`. */
export function parseMaps(text: string): MappedFile[] {
  const files: MappedFile[] = [];
  const seen = new Set<string>();
  const limit = Math.min(text.length, MAX_TEXT);
  // 7f0000000000-7f0000001000 r-xp 00001000 fe:00 1234     /usr/lib/x86_64-linux-gnu/libssl.so.3
  for (let start = 0; start < limit;) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    const space = text.indexOf(" ", start);
    if (space > 0 && space < end && text[space + 3] === "x") {
      const path = text.indexOf("/", space);
      if (path > 0 && path < end) {
        const [, , device, inode] = text.slice(space + 1, path).split(" ");
        const key = `${device} ${inode}`;
        if (inode !== undefined && inode !== "0" && !seen.has(key)) {
          seen.add(key);
          const name = text.slice(path, end).replaceAll("\\012", "\n");
          const deleted = name.endsWith(DELETED);
          files.push({
            range: text.slice(start, space),
            path: deleted ? name.slice(0, -DELETED.length) : name,
            deleted,
            inode,
          });
        }
      }
    }
    start = end + 1;
  }
  return files;
}

/**
 * Shared libraries that TLS code is looked for in: OpenSSL, also as wheels bundle it (`libssl-0a1b2c3d.so.3`), GnuTLS,
 * and what may have OpenSSL linked in. The main program is looked at whatever it is called. The kernel's part has the
 * same list (`is_tls_name`).
 */
const LIBRARIES = /^(?:libssl[.-]|libgnutls|libpython|libnode)[-._0-9a-z]*\.so(?:\.|$)|^libssl\.so/i;

/** True if a shared library of that path may hold TLS code. */
export function mayHoldTls(path: string): boolean {
  return LIBRARIES.test(path.slice(path.lastIndexOf("/") + 1));
}
