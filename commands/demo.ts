/**
 * `mcpsonde demo`: a real client and real servers, seen through the kernel.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";
import { Failure } from "./_exit.ts";
import { type FilterFlags, filterFlags } from "./_filter.ts";

interface Flags extends FilterFlags {
  readonly record?: string;
}

/** Shows mcpsonde at work. */
export const demo: Command<CliContext> = buildCommand<Flags, [], CliContext>({
  docs: {
    brief: "See it at work: a real client and server, captured as they talk",
    fullDescription:
      `Starts a real MCP client and real servers, in processes of their own, and shows what the kernel sees of their talk
over stdio, HTTP and HTTPS. They come from npm when needed for the first time. Takes about ten seconds. HTTPS needs
Node in PATH, as the TLS code of Deno cannot be seen. Where capture from the kernel is not possible, it says why and
shows a recording of the same.

  sudo mcpsonde demo
  sudo mcpsonde demo --filter tool:forecast`,
  },
  parameters: {
    flags: {
      ...filterFlags,
      record: {
        kind: "parsed",
        parse: String,
        optional: true,
        hidden: true,
        placeholder: "FILE",
        brief: "Record instead of showing; makes examples/demo.capture",
      },
    },
  },
  async func({ record, filter }) {
    const { live } = await import("./_demo_live.ts");
    const { recorded } = await import("./_demo_recorded.ts");
    const { whyNoCapture } = await import("./_machine.ts");
    const reason = await whyNoCapture();
    const outcome = reason === undefined ? await live(this, { record, filter }) : { reason };
    if ("reason" in outcome && record !== undefined) throw new Failure(outcome.reason);
    this.process.exitCode = "code" in outcome ? outcome.code : await recorded(this, outcome.reason, filter);
  },
});
