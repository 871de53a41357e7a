/**
 * Where the launcher enters for `mcpsonde proxy`, under a name that says so in lists of processes. The usual arguments
 * start the server at once, all others go the way of every command.
 *
 * @module
 */
import { EXIT, Failure } from "../_exit.ts";
import { quickArguments } from "./flags.ts";
import { importer } from "./later.ts";
import { proxyStdio } from "./stdio.ts";

const [major = 0, minor = 0] = Deno.version.deno.split(".").map(Number);
if (major < 2 || major === 2 && minor < 9) {
  fail(`Deno 2.9 or later is needed, and this is ${Deno.version.deno}`, EXIT.machine);
}

const later = importer(import.meta.url);
const [, ...rest] = Deno.args;
const quick = Deno.args[0] === "proxy" ? quickArguments(rest) : undefined;
if (quick === undefined) {
  const { main } = await later<typeof import("../_main.ts")>("../_main.ts");
  const { processContext } = await later<typeof import("../_context.ts")>("../_context.ts");
  const { commands } = await later<typeof import("../../cli.ts")>("../../cli.ts");
  Deno.exit(await main(commands, Deno.args, processContext()));
}
try {
  await proxyStdio(quick.flags, quick.command);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  fail(error.message, error.code);
}

function fail(message: string, code: number): never {
  Deno.stderr.writeSync(new TextEncoder().encode(`mcpsonde: ${message}\n`));
  Deno.exit(code);
}
