/**
 * `${NAME}`, `${NAME:-default}` and `${file:path}` in the strings of a pipeline file.
 *
 * @module
 */

/** What a string stands for. */
export interface Substituted {
  readonly text: string;
  /** True if the string is one substitution and nothing else. */
  readonly whole: boolean;
  /** What could not be filled in: the piece of the string, and why. */
  readonly errors: readonly { readonly piece: string; readonly message: string }[];
}

/** Where the values come from. Both return undefined, or throw an error that says why, if there is none. */
export interface Lookup {
  env(name: string): string | undefined;
  file(path: string): Promise<string>;
}

/** Either the escape `$${`, or a substitution up to its closing brace, or one that is never closed. */
const PATTERN = /\$\$\{|\$\{([^}]*)(\}?)/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Fills in a string. As in a shell, `:-` also stands in for a variable that is set but empty; a file's last newline
 * is left out; `$${` is a plain `${`.
 */
export async function substitute(text: string, lookup: Lookup): Promise<Substituted> {
  const errors: { piece: string; message: string }[] = [];
  let filled = "";
  let from = 0;
  let whole = false;
  for (const match of text.matchAll(PATTERN)) {
    const [piece, inside, close] = match;
    filled += text.slice(from, match.index);
    from = match.index + piece.length;
    if (inside === undefined) {
      filled += "${";
    } else {
      whole = piece.length === text.length;
      try {
        filled += await value(inside, close === "}", lookup);
      } catch (error) {
        errors.push({ piece, message: error instanceof Error ? error.message : String(error) });
      }
    }
  }
  return { text: filled + text.slice(from), whole, errors };
}

async function value(inside: string, closed: boolean, lookup: Lookup): Promise<string> {
  if (!closed) throw new Error('"${" without "}"; write "$${" for a plain "${"');
  const at = inside.indexOf(":-");
  const name = at < 0 ? inside : inside.slice(0, at);
  if (NAME.test(name)) {
    const found = lookup.env(name);
    if (at >= 0) return found || inside.slice(at + 2);
    if (found === undefined) {
      throw new Error(`the environment variable ${name} is not set; give a default with "\${${name}:-…}"`);
    }
    return found;
  }
  if (!inside.startsWith("file:")) throw new Error('expected "${NAME}", "${NAME:-default}" or "${file:path}"');
  return (await lookup.file(inside.slice("file:".length))).replace(/\r?\n$/, "");
}
