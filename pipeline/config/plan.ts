/**
 * A pipeline file as its users write it, and the checked plan that is made of it.
 *
 * @module
 */
import type { AnyComponent, SinkComponent, SourceComponent, TransformComponent } from "../component.ts";
import type { Registry } from "../registry.ts";
import type { Position, Problem } from "./problem.ts";

/** A source or transform as written: its type and the options of that type. */
export interface StageConfig {
  /** A built-in type, or a plug-in: a path, a `file:` URL or an `npm:` specifier. */
  readonly type: string;
  /** The component's own options. */
  readonly [option: string]: unknown;
}

/** What a sink does when it cannot keep up: hold up the pipeline, or drop events and count them. */
export type WhenFull = "block" | "drop";

/** A sink as written. */
export interface SinkConfig extends StageConfig {
  /** Transforms for this sink only, after the common ones. */
  readonly transforms?: readonly StageConfig[];
  /** What happens when this sink cannot keep up. @default {"block"} */
  readonly when_full?: WhenFull;
  /** With `"when_full": "drop"`: how many events may wait. @default {65536} */
  readonly queue_events?: number;
}

/** A pipeline file as a value. */
export interface PipelineConfig {
  /** Where the JSON Schema is, for editors. */
  readonly $schema?: string;
  /** By name. At least one. */
  readonly sources: Readonly<Record<string, StageConfig>>;
  /** For all events, in order. */
  readonly transforms?: readonly StageConfig[];
  /** By name. At least one. */
  readonly sinks: Readonly<Record<string, SinkConfig>>;
}

/** One checked stage of a plan. */
export interface PlannedStage<C extends AnyComponent = AnyComponent> {
  /** `kernel`, `transforms[1]`, `file`, `sinks.file.transforms[0]`. */
  readonly name: string;
  /** Unique within the plan: `sources.kernel`, `transforms[1]`, `sinks.file`, `sinks.file.transforms[0]`. */
  readonly path: string;
  /** As written: a plug-in's specifier rather than the name that it gives itself. */
  readonly type: string;
  /** What makes the stage. */
  readonly component: C;
  /** Checked, with defaults filled in and paths resolved. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Where the stage stands in the file. */
  readonly at?: Position | undefined;
}

/** A checked sink. */
export interface PlannedSink extends PlannedStage<SinkComponent> {
  /** For this sink only. */
  readonly transforms: readonly PlannedStage<TransformComponent>[];
  /** What happens when the sink cannot keep up. */
  readonly whenFull: WhenFull;
  /** With `drop`: how many events may wait. */
  readonly queueEvents: number;
}

/** A pipeline that passed every check and has not been started. */
export interface PipelinePlan {
  /** The file as the user named it, where there is one. */
  readonly file?: string | undefined;
  /** They are merged. */
  readonly sources: readonly PlannedStage<SourceComponent>[];
  /** For all events, in order. */
  readonly transforms: readonly PlannedStage<TransformComponent>[];
  /** Each gets every event. */
  readonly sinks: readonly PlannedSink[];
  /** What works and is most likely not meant so, in the order of the file. */
  readonly warnings?: readonly Problem[] | undefined;
}

/** A plan, or every reason why there is none. */
export interface PlanResult {
  /** Present if and only if there are no problems. */
  readonly plan?: PipelinePlan | undefined;
  /** In the order of the file. */
  readonly problems: readonly Problem[];
}

/** What the checks need to know of the world. */
export interface PlanOptions {
  /** The components that `type` may name. */
  readonly registry: Registry;
  /** The environment for `${NAME}`. @default {process.env} */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** What `~` stands for. @default {os.homedir()} */
  readonly home?: string | undefined;
}
