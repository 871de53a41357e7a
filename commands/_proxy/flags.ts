/**
 * What `mcpsonde proxy` can be told.
 *
 * @module
 */

/** Flags of `mcpsonde proxy`. */
export interface ProxyFlags {
  readonly name?: string | undefined;
  readonly out?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly policy?: string | undefined;
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
  readonly dryRun: boolean;
  readonly filter?: string | undefined;
  readonly redact: boolean;
  readonly http?: string | undefined;
  readonly listen?: string | undefined;
  readonly allowHost?: readonly string[] | undefined;
  readonly allowOrigin?: readonly string[] | undefined;
}

/** What the arguments of a proxy over stdio say. */
export interface QuickArguments {
  readonly flags: ProxyFlags;
  readonly command: readonly string[];
}

/** Options with a value that are so simple that they need no parser. */
const TEXTS = new Map([["--name", "name"], ["--out", "out"], ["-o", "out"]] as const);

/**
 * Reads the arguments of the usual `proxy [--name NAME] [-o FILE] [--no-redact] -- CMD…` without the parser of the
 * command line, which takes longer to load than all the rest. Undefined if there is anything else.
 */
export function quickArguments(args: readonly string[]): QuickArguments | undefined {
  const texts: { name?: string; out?: string } = {};
  let redact = true;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    const text = TEXTS.get(arg as "-o");
    if (arg === "--") {
      const command = args.slice(at + 1);
      return command.length === 0 ? undefined : { flags: { ...texts, redact, dryRun: false }, command };
    }
    const value = args[at + 1];
    if (arg === "--no-redact") redact = false;
    else if (text !== undefined && value !== undefined && !value.startsWith("-") && texts[text] === undefined) {
      texts[text] = value;
      at++;
    } else return undefined;
  }
  return undefined;
}
