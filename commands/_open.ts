/**
 * Opens a capture of any kind as a store that can be asked.
 *
 * @module
 */
import { Store } from "../pipeline/store/store.ts";
import { StoreError } from "../pipeline/store/error.ts";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";
import { redactTransforms } from "./_redact.ts";
import { type CaptureKind, kindOf } from "./_open/kind.ts";

/** How to open. */
export interface OpenOptions {
  /** Whether secrets are taken out of what was captured raw. A database is shown as it is. */
  readonly redact: boolean;
  /** A database is opened to be written. */
  readonly writable?: boolean | undefined;
  /** HTTP bodies that have nothing to do with MCP are kept too. */
  readonly bodies?: boolean | undefined;
  /** Where it is put; in memory if absent. Of anything but a database. */
  readonly into?: string | undefined;
  /** Calls are counted in tokens. */
  readonly tokens?: boolean | undefined;
}

/** An open capture. */
export interface OpenCapture {
  readonly store: Store;
  readonly kind: CaptureKind;
  close(): void;
}

/**
 * Opens a file, or a folder of sensors' files.
 *
 * @throws {Failure} a sentence.
 */
export async function openCapture(path: string, options: OpenOptions, context: CliContext): Promise<OpenCapture> {
  const kind = await kindOf(path);
  try {
    const store = kind === "database"
      ? await Store.open(path, { readonly: options.writable !== true })
      : await read(path, kind, options, context);
    return { store, kind, close: () => store.close() };
  } catch (error) {
    throw error instanceof StoreError ? new Failure(error.message) : error;
  }
}

async function read(
  path: string,
  kind: Exclude<CaptureKind, "database">,
  options: OpenOptions,
  context: CliContext,
): Promise<Store> {
  const { builtins, defineSink, defineSource, planPipeline } = await import("../pipeline/mod.ts");
  const { planned, runPlan } = await import("./_run_pipeline.ts");
  const { z } = await import("zod");
  const { redact, bodies, tokens = false, into = ":memory:" } = options;
  const limits = {
    text: into === ":memory:" ? 1024 * 1024 : 256 * 1024,
    otherHttp: bodies ? "whole" : "heads",
    tokens,
  } as const;
  const store = await Store.open(into, { limits });
  if (tokens) await (await import("../pipeline/tokens.ts")).loadTokenizer();
  const empty = z.strictObject({});
  const unread = { lines: 0 };
  const registry = builtins().add(defineSink({
    type: "keep",
    summary: "Keeps what is read",
    options: empty,
    create: () => async (input) => {
      for await (const batch of input) store.add(batch);
    },
  }));
  if (kind === "sensors") {
    const { sensorEvents } = await import("./_open/sensor_files.ts");
    registry.add(defineSource({
      type: "sensor_files",
      summary: "Files of sensors, read to their ends",
      options: empty,
      create: (_options, { name, metrics }) => {
        let bytes = 0;
        return sensorEvents(path, name, unread, (more) => metrics.set("bytes_read", bytes += more));
      },
    }));
  }
  if (kind === "jsonl") {
    const { jsonlSource, toldTransform } = await import("./_open/jsonl.ts");
    const { source, told } = jsonlSource(path, unread);
    registry.add(source).add(toldTransform(told));
  }
  const sources = {
    capture: { type: "replay", path },
    sensors: { type: "sensor_files" },
    jsonl: { type: "jsonl_file" },
  };
  const hidden = redactTransforms({ redact });
  const transforms = {
    capture: [{ type: "http" }, { type: "jsonrpc" }, { type: "mcp" }, { type: "detect" }, ...hidden],
    sensors: [{ type: "jsonrpc" }, { type: "merge" }, { type: "mcp" }, { type: "detect" }, ...hidden],
    jsonl: [{ type: "mcp" }, { type: "told_by_lines" }, ...hidden],
  };
  try {
    const plan = planned(
      await planPipeline({
        sources: { file: sources[kind] },
        transforms: transforms[kind],
        sinks: { store: { type: "keep" } },
      }, { registry }),
    );
    const code = await runPlan(plan, context, {
      reads: { label: "read", path, source: "file", writesLines: false },
    });
    if (code !== EXIT.ok) throw new Failure(`${path} could not be read to its end`, code);
    if (unread.lines > 0) {
      context.process.stderr.write(
        `mcpsonde: warning: ${path}: ${unread.lines} ${
          unread.lines === 1 ? "line is" : "lines are"
        } left out: no event that is known\n`,
      );
    }
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}
