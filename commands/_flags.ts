/**
 * Options that several commands share.
 *
 * @module
 */
import type { FlagParametersForType } from "@stricli/core";
import type { CliContext } from "./_context.ts";
import { Failure } from "./_exit.ts";
import { EXIT } from "./_exit.ts";

/** Which processes to watch, and how. */
export interface CaptureFlags {
  readonly pid?: readonly number[];
  readonly comm?: readonly string[];
  readonly container?: readonly string[];
  readonly exceptPid?: readonly number[];
  readonly exceptComm?: readonly string[];
  readonly exceptContainer?: readonly string[];
  readonly followChildren: boolean;
  readonly ringBytes?: number;
  readonly libbpf?: string;
}

/** How to show what was seen. */
export interface ShowFlags {
  readonly verbose: boolean;
  readonly tree: boolean;
  readonly summary: boolean;
  readonly color: "auto" | "always" | "never";
  readonly width?: number;
}

/** `--out -`: JSON lines on standard output, and nothing else there. */
export const STDOUT = "-";

const list = { optional: true, variadic: "," } as const;
const text = (input: string) => input;

/** Flags of {@linkcode CaptureFlags}. */
export const captureFlags: FlagParametersForType<CaptureFlags, CliContext> = {
  pid: { kind: "parsed", parse: integer, ...list, placeholder: "PID", brief: "Watch these processes only" },
  comm: {
    kind: "parsed",
    parse: text,
    ...list,
    placeholder: "NAME",
    brief: "Watch programs of these names only; * is any text",
  },
  container: { kind: "parsed", parse: text, ...list, placeholder: "ID", brief: "Watch these containers only" },
  exceptPid: { kind: "parsed", parse: integer, ...list, placeholder: "PID", brief: "Leave these processes out" },
  exceptComm: { kind: "parsed", parse: text, ...list, placeholder: "NAME", brief: "Leave programs of these names out" },
  exceptContainer: { kind: "parsed", parse: text, ...list, placeholder: "ID", brief: "Leave these containers out" },
  followChildren: { kind: "boolean", default: true, brief: "Count descendants in, where a process is named" },
  ringBytes: {
    kind: "parsed",
    parse: integer,
    optional: true,
    placeholder: "N",
    brief: "Size of the ring buffer: a power of two",
  },
  libbpf: {
    kind: "parsed",
    parse: text,
    optional: true,
    placeholder: "FILE",
    brief: "Where libbpf's shared library is",
  },
};

/** Flags of {@linkcode ShowFlags}. */
export const showFlags: FlagParametersForType<ShowFlags, CliContext> = {
  verbose: { kind: "boolean", default: false, withNegated: false, brief: "Show params, results and errors in full" },
  tree: {
    kind: "boolean",
    default: false,
    withNegated: false,
    brief: "Show calls as a tree, as they end, with what belongs to them",
  },
  summary: { kind: "boolean", default: true, brief: "Show a table of methods and latencies at the end" },
  color: { kind: "enum", values: ["auto", "always", "never"], default: "auto", brief: "When to colour" },
  width: { kind: "parsed", parse: integer, optional: true, placeholder: "N", brief: "Columns a line may take" },
};

/** The options of the `ebpf` source that the flags stand for; only what was given. */
export function captureOptions(flags: CaptureFlags): Record<string, unknown> {
  return {
    ...selection("only", flags.pid, flags.comm, flags.container),
    ...selection("except", flags.exceptPid, flags.exceptComm, flags.exceptContainer),
    ...(flags.followChildren ? {} : { follow_children: false }),
    ...given({ ring_bytes: flags.ringBytes, libbpf: flags.libbpf }),
  };
}

/** The options of the `console` sink that the flags stand for. */
export function showOptions(flags: ShowFlags): Record<string, unknown> {
  const { verbose, tree, summary, color, width } = flags;
  return { verbose, tree, summary, color, ...given({ width }) };
}

/** The entries that are not undefined. */
export function given(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Parses a whole number above 0. */
export function integer(input: string): number {
  if (!/^[1-9]\d{0,15}$/.test(input)) throw new Failure(`"${input}" is not a whole number above 0`, EXIT.usage);
  return Number(input);
}

function selection(
  key: string,
  pid: readonly number[] = [],
  comm: readonly string[] = [],
  container: readonly string[] = [],
): Record<string, unknown> {
  const entries = Object.entries({ pid, comm, container }).filter(([, values]) => values.length > 0);
  return entries.length === 0 ? {} : { [key]: Object.fromEntries(entries) };
}
