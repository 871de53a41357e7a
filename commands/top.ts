/**
 * `mcpsonde top`: what is seen, on a screen in the terminal.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";
import { type FilterFlags, filterFlags } from "./_filter.ts";
import { type CaptureFlags, captureFlags, captureOptions } from "./_flags.ts";
import { type RedactFlags, redactFlags } from "./_redact.ts";

interface Flags extends CaptureFlags, FilterFlags, RedactFlags {
  readonly tokenFile?: string;
}

/** Shows a screen. */
export const top: Command<CliContext> = buildCommand<Flags, [string?], CliContext>({
  docs: {
    brief: "Show calls, servers and findings on a screen in the terminal",
    fullDescription:
      `Shows what happens on this machine now, what a capture of any kind has, or what another mcpsonde sees that runs serve:
calls, servers and their tools, findings, one call in full, the pipeline's health. ? shows the keys, q quits.

Only without FILE and URL does it need the rights that plain mcpsonde needs. The token of a URL is taken from --token-file, from
MCPSONDE_TOKEN, or from behind #token= as serve prints it.

  sudo mcpsonde top
  sudo mcpsonde top --comm claude --filter 'status:error or duration>1s'
  mcpsonde top bug.capture
  mcpsonde top http://127.0.0.1:7077 --token-file ~/.config/mcpsonde/token`,
    customUsage: ["[OPTIONS]", "[OPTIONS] FILE", "[OPTIONS] URL"],
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{
        parse: String,
        optional: true,
        placeholder: "FILE|URL",
        brief: "A capture to show, or the address of another mcpsonde",
      }],
    },
    flags: {
      tokenFile: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "The token of the other mcpsonde",
      },
      ...filterFlags,
      ...redactFlags,
      ...captureFlags,
    },
  },
  async func(flags, source) {
    const { mustBeScreen } = await import("./_top/refuse.ts");
    mustBeScreen(source);
    const isRemote = source !== undefined && /^https?:\/\//i.test(source);
    refuseOthers(flags, source, isRemote);
    if (source === undefined) {
      const { watchLive } = await import("./_top/live.ts");
      this.process.exitCode = await watchLive(flags, this);
      return;
    }
    const { openFile, openRemote } = await import("./_top/open.ts");
    const { showScreen } = await import("./_top/screen.ts");
    const { env } = this.process;
    const opened = isRemote ? await openRemote(source, flags.tokenFile, env) : await openFile(source, flags, this);
    const stop = new AbortController().signal;
    try {
      await showScreen({ feed: opened.feed, mode: isRemote ? "remote" : "file", env, filter: flags.filter, stop });
    } finally {
      await opened.close();
    }
  },
});

/** Options that say what to watch have no meaning where nothing is. */
function refuseOthers(flags: Flags, source: string | undefined, isRemote: boolean): void {
  if (flags.tokenFile !== undefined && !isRemote) {
    throw new Failure("--token-file is for another mcpsonde: name its address, http://127.0.0.1:7077", EXIT.usage);
  }
  const [capture] = Object.keys(captureOptions(flags));
  if (source === undefined || capture === undefined) return;
  throw new Failure(`what to watch is chosen on this machine only, not of ${source}; use --filter`, EXIT.usage);
}
