/** What the Python sensor wrote, read and held against the schema. */
import { Validator } from "@cfworker/json-schema";
import { join } from "node:path";
import schema from "../../../hooks/events.schema.json" with { type: "json" };

/** An event as it stands in a line, without its envelope. */
export interface Told {
  readonly file: string;
  readonly name: string;
  readonly seq: number;
  readonly span: string | undefined;
  readonly pid: number;
  readonly call: Readonly<Record<string, unknown>> | undefined;
  readonly event: Readonly<Record<string, unknown>>;
}

const validator = new Validator(schema as object, "2020-12", true);
const DEFINITIONS = schema.$defs as unknown as Readonly<Record<string, { properties?: object }>>;

/** Reads all whole lines in a spool; fails on one that is no event by the schema, or has a member that it does not name. */
export function read(spool: string): Told[] {
  const told: Told[] = [];
  for (const file of files(spool)) {
    for (const line of Deno.readTextFileSync(join(spool, file)).split("\n").slice(0, -1)) told.push(parse(line, file));
  }
  return told;
}

/** The files of a spool; none if there is no such folder. */
export function files(spool: string): string[] {
  try {
    return [...Deno.readDirSync(spool)].map(({ name }) => name).filter((name) => name.endsWith(".ndjson")).toSorted();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** One line. */
export function parse(line: string, file = ""): Told {
  const value = JSON.parse(line);
  const { valid, errors } = validator.validate(value);
  if (!valid) {
    throw new Error(`${line}: ${errors.map(({ instanceLocation, error }) => instanceLocation + error).join()}`);
  }
  const { meta, context, ...event } = value.event;
  const known = DEFINITIONS[meta.name.replace(/^(?:python|node)_/, "")]?.properties ?? {};
  const unknown = Object.keys(event).filter((key) => !(key in known));
  if (unknown.length > 0) throw new Error(`${meta.name} has members that the schema does not name: ${unknown.join()}`);
  return {
    file,
    name: meta.name,
    seq: meta.source_event_id,
    span: meta.span_id,
    pid: context.process.pid,
    call: context.call,
    event,
  };
}

/** Those of one name, without its `python_` or `node_`. */
export function named(told: readonly Told[], name: string): Told[] {
  return told.filter((each) => [name, `python_${name}`, `node_${name}`].includes(each.name));
}

/** Fails if events of a process are missing, or were told twice. */
export function assertWhole(told: readonly Told[]): void {
  const byFile = Map.groupBy(told, ({ file }) => file.replace(/\.\d+\.ndjson$/, ""));
  for (const [file, events] of byFile) {
    const seqs = events.map(({ seq }) => seq).toSorted((a, b) => a - b);
    seqs.forEach((seq, k) => {
      if (seq !== k) throw new Error(`${file}: event ${k} is missing or ${seq} came twice`);
    });
  }
}
