/**
 * How a component is declared, once, in its own file. A plug-in default-exports the same declaration.
 *
 * @module
 */
import { z } from "zod";
import type { MetricsSnapshot } from "./metrics.ts";
import type { Sink, Source, Transform } from "./stage.ts";

/** Where a component says what an operator should know. Never used for events. */
export interface Log {
  /** Worth knowing. */
  info(message: string): void;
  /** Something is wrong, and the pipeline goes on as it should. */
  warn(message: string): void;
  /** Something failed. */
  error(message: string): void;
}

/** Counters of one node of a running pipeline. */
export interface Metrics {
  /** Adds to the count of events dropped for a reason (snake_case). */
  dropped(reason: string, events?: number): void;
  /** Adds to the count of errors by reason (snake_case). */
  error(reason: string, count?: number): void;
  /** Sets a component-specific gauge or counter, e.g. `ring_bytes`. */
  set(name: string, value: number): void;
}

/** What a factory gets besides its options. */
export interface Context {
  /** The node's name in the pipeline, e.g. `kernel` or `transforms[1]`. */
  readonly name: string;
  /** Aborted when the pipeline shuts down: a source then stops reading, delivers what it has, and ends. */
  readonly signal: AbortSignal;
  /** For what an operator should know. The node is named already. */
  readonly log: Log;
  /** For what the engine cannot count itself. */
  readonly metrics: Metrics;
  /** The counters of the whole pipeline, now; absent where there is none, as in {@linkcode pipe}. */
  readonly pipeline?: (() => MetricsSnapshot) | undefined;
}

/** Things that a component has many of, each with options of its own: the detectors of `detect`. */
export interface ComponentParts {
  /** What they are: `Detectors`. */
  readonly title: string;
  /** The component's options whose members are described with the parts. */
  readonly options: readonly string[];
  /** The page in `docs/` that describes them all. */
  readonly page: string;
  /** In their order. */
  readonly list: readonly ComponentPart[];
}

/** One of them. */
export interface ComponentPart {
  /** What it is called in the options. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** What else there is to say, a line each. */
  readonly lines: readonly string[];
  /** A strict zod object, as a component's. */
  readonly options: z.ZodObject;
}

/** A component's declaration: everything the config check, the schema, the docs and the engine need. */
export interface Component<Kind extends "source" | "transform" | "sink", Stage, Schema extends z.ZodObject> {
  /** What it makes. */
  readonly kind: Kind;
  /** The name used in `"type"`: a noun of the peer for sources and sinks, a verb or noun for transforms. */
  readonly type: string;
  /** One line. */
  readonly summary: string;
  /** What it is made of, for the reference. */
  readonly parts?: ComponentParts | undefined;
  /**
   * True for a sink that sends what it gets to another machine. A pipeline that has no `redact` before one is warned
   * of; absent means no.
   */
  readonly network?: boolean | undefined;
  /** A strict zod object; each field has `.describe()` and, where it makes sense, a default. */
  readonly options: Schema;
  /** Makes a stage. What it throws is shown to the operator with the place in the pipeline file, so let it be a sentence. */
  create(options: z.output<Schema>, context: Context): Stage | Promise<Stage>;
}

/** A source's declaration. */
export type SourceComponent<Schema extends z.ZodObject = z.ZodObject> = Component<"source", Source, Schema>;
/** A transform's declaration. */
export type TransformComponent<Schema extends z.ZodObject = z.ZodObject> = Component<"transform", Transform, Schema>;
/** A sink's declaration. */
export type SinkComponent<Schema extends z.ZodObject = z.ZodObject> = Component<"sink", Sink, Schema>;
/** Any component. */
export type AnyComponent = SourceComponent | TransformComponent | SinkComponent;

/** Declares a source. */
export function defineSource<Schema extends z.ZodObject>(
  declaration: Omit<SourceComponent<Schema>, "kind">,
): SourceComponent<Schema> {
  return { kind: "source", ...declaration };
}

/** Declares a transform. */
export function defineTransform<Schema extends z.ZodObject>(
  declaration: Omit<TransformComponent<Schema>, "kind">,
): TransformComponent<Schema> {
  return { kind: "transform", ...declaration };
}

/** Declares a sink. */
export function defineSink<Schema extends z.ZodObject>(
  declaration: Omit<SinkComponent<Schema>, "kind">,
): SinkComponent<Schema> {
  return { kind: "sink", ...declaration };
}

/**
 * A file or folder path option. In a pipeline file a relative path is taken from that file's folder and `~` is the
 * home folder; the config loader finds such options by this mark and resolves them before the factory sees them.
 */
export function path(): z.ZodString {
  return z.string().min(1).meta({ format: "path" });
}
