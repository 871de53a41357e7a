/**
 * Finds the file that a server's process runs, hashes it, and tells its package.
 *
 * @module
 */
import { type Program, programOf } from "../../../../pipeline/program.ts";
import { hashFile } from "./hash_file.ts";
import { npmPackage } from "./npm.ts";
import { ProcessFiles } from "./process_files.ts";
import { findModule, pythonPackage } from "./python.ts";
import type { Examined, Subject } from "./types.ts";

const NOTHING: Examined = { hash: undefined, package: undefined };

/**
 * Looks at the files of a running process, as that process sees them.
 *
 * @throws {Error} if the process is gone or its files cannot be read.
 */
export async function examine({ process }: Subject, signal: AbortSignal): Promise<Examined> {
  if (process?.args === undefined) return NOTHING;
  const files = await ProcessFiles.of(process);
  if (files === undefined) return NOTHING;
  const program = programOf(process.args);
  const isPython = program.name === "python" || program.name === "pypy";
  const script = await scriptOf(program, files);
  const named = isPython
    ? await pythonPackage(files, program.runs, script)
    : script === undefined
    ? undefined
    : await npmPackage(files, script);
  const isOwn = program.runs.kind === "self";
  const hash = script !== undefined
    ? await hashFile(files.host(script), signal)
    : isOwn
    ? await hashFile(files.executable, signal)
    : undefined;
  return await files.isStill(process) ? { hash, package: named } : NOTHING;
}

/** The script's path in the process's own view, without links. */
async function scriptOf({ runs }: Program, files: ProcessFiles): Promise<string | undefined> {
  if (runs.kind === "script") return await files.resolve(runs.path);
  return runs.kind === "module" ? await findModule(files, runs.name) : undefined;
}
