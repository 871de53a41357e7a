/**
 * The options of `redact` that are to be tried.
 *
 * @module
 */
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";
import process from "node:process";
import { checkDuplicates } from "../../pipeline/config/check.ts";
import { Document } from "../../pipeline/config/document.ts";
import { checkOptions } from "../../pipeline/config/options.ts";
import { formatProblem, type Problem } from "../../pipeline/config/problem.ts";
import { ReadError, readText } from "../../pipeline/config/read.ts";
import type { Scope } from "../../pipeline/config/scope.ts";
import { builtins, loadPipeline } from "../../pipeline/mod.ts";
import redact from "../../transforms/redact/mod.ts";
import type { Options } from "../../transforms/redact/options.ts";
import { EXIT, Failure } from "../_exit.ts";
import { planned } from "../_run_pipeline.ts";

/** Longest file of rules, in bytes. */
const MAX_BYTES = 1024 * 1024;

/** Those of the first `redact` of a pipeline file. */
export async function ofPipeline(path: string): Promise<Options> {
  const plan = planned(await loadPipeline(path, { registry: builtins() }));
  const stages = [...plan.transforms, ...plan.sinks.flatMap(({ transforms }) => transforms)];
  const stage = stages.find(({ component }) => component.type === redact.type);
  if (stage === undefined) throw new Failure(`${path} has no { "type": "redact" }`, EXIT.usage);
  return stage.options as Options;
}

/** Those of a file that holds what stands in a pipeline file beside `"type": "redact"`. */
export async function ofFile(path: string): Promise<Options> {
  const fail = (problems: readonly Problem[]): never => {
    throw new Failure(problems.map(formatProblem).join("\n"), EXIT.usage);
  };
  let text: string;
  try {
    text = await readText(path, MAX_BYTES);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return fail([{ file: path, at: error.at, path: "", message: error.message }]);
  }
  const document = new Document(text, path);
  const scope: Scope = {
    document,
    registry: builtins(),
    env: process.env,
    home: homedir(),
    directory: dirname(resolve(path)),
    literal: false,
    problems: [],
  };
  const { tree } = document;
  checkDuplicates(scope, tree);
  if (tree !== undefined && tree.type !== "object") {
    fail([
      document.problem(tree.offset, "", 'expected an object such as { "rules": [{ "key": "…", "action": "mask" }] }'),
    ]);
  }
  const options = tree === undefined
    ? undefined
    : await checkOptions(scope, redact, { node: tree, path: "", reserved: ["type"] });
  const problems = [...document.problems, ...scope.problems];
  if (problems.length > 0 || options === undefined) return fail(problems);
  return options as Options;
}
