/**
 * What the sensor is told by `MCPSONDE_CONFIG` or `~/.mcpsonde/sensor.json`. `hooks/config.schema.json` describes it.
 *
 * @module
 */

/** A rule of the user's. */
export interface RedactRule {
  readonly name?: string;
  readonly key?: string;
  readonly value?: string;
  readonly field?: string;
  readonly action: "mask" | "hash" | "remove" | "keep";
}

/** What is hidden. */
export interface RedactConfig {
  readonly builtin: boolean;
  readonly also: readonly string[];
  readonly except: readonly string[];
  readonly action: "mask" | "hash";
  readonly hashKey?: string | undefined;
  readonly rules: readonly RedactRule[];
}

/** The configuration, filled up. */
export interface Config {
  readonly mcp:
    | {
      readonly messages: boolean;
      readonly registrations: boolean;
      readonly spans: boolean;
    }
    | false;
  readonly imports: {
    readonly hash: boolean;
    readonly standardLibrary: boolean;
  } | false;
  readonly audit:
    | {
      /** Only these; undefined: all. */
      readonly events: ReadonlySet<string> | undefined;
      readonly sensitivePaths: readonly string[];
      readonly perSecond: number;
    }
    | false;
  /** Undefined: the usual places. */
  readonly socket: string | false | undefined;
  readonly spool: {
    readonly dir: string | undefined;
    readonly maxFileBytes: number;
    readonly maxTotalBytes: number;
  } | false;
  readonly queue: { readonly maxEvents: number; readonly maxBytes: number };
  readonly follow: boolean;
  readonly redact: RedactConfig | false;
}
