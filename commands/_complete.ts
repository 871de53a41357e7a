/**
 * Proposals for the word under the cursor, for the scripts that `mcpsonde completions` prints.
 *
 * @module
 */
import { type Application, proposeCompletions } from "@stricli/core";
import type { CliContext } from "./_context.ts";

/** One proposal a line: the word, a tab, what it is. The last of `words` is the one being typed, perhaps empty. */
export async function complete(
  app: Application<CliContext>,
  words: readonly string[],
  defaultCommand: string,
  context: CliContext,
): Promise<string> {
  const [first = ""] = words;
  const inputs = first.startsWith("-") ? [defaultCommand, ...words] : words;
  const proposals = await proposeCompletions(app, inputs, context).catch(() => []);
  const last = words.at(-1) ?? "";
  const lines = proposals
    .filter(({ kind, completion }) =>
      completion !== "--" && (last !== "" || kind !== "argument:flag" || completion.startsWith("--"))
    )
    .map(({ completion, brief }) => `${completion}\t${brief}\n`);
  if (words.length === 1 && last !== "") lines.push(...EVERYWHERE.filter((line) => line.startsWith(last)));
  return [...new Set(lines)].join("");
}

/** Options that the root takes itself. */
const EVERYWHERE = ["--help\tShow this help\n", "--version\tShow the version\n"];
