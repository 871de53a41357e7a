/** The filter language under any text: a QueryError with places in it, or an expression that is read again as it was. */
import { compileQuery, FIELDS, parseQuery, printQuery, QueryError } from "../../pipeline/query/mod.ts";
import type { Event } from "../../pipeline/event.ts";
import type { FuzzTarget } from "./_fuzz.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();
const SEEDS = [
  'tool:search* server:github method:tools/call status:error latency>500ms -dir:response text:"foo bar" era:2026-07-28',
  "not (a or -b) and (http:(404|500..599) or size<=1.5KiB)",
  'time:18:08..18:09:30.5 time>2026-11-21T18:08+01:00 "\\"\\n" x\\ y\\*?',
  FIELDS.map(({ example }) => example).join(" or "),
];
const EVENTS: readonly Event[] = [
  { kind: "gap", time: 1_795_284_493_729.25, source: "kernel", reason: "ring_full", message: "lost 3 records" },
  { kind: "finding", time: 0, source: "x", rule: "mcp.tool.changed", severity: "high", message: "ZÜRICH 😀" },
];

export default {
  name: "query",
  seeds: SEEDS.map((seed) => encoder.encode(seed)),
  run(data) {
    const text = decoder.decode(data);
    try {
      const query = parseQuery(text), printed = printQuery(query);
      if (JSON.stringify(parseQuery(printed)) !== JSON.stringify(query)) throw new Error(`not what it was: ${printed}`);
      const test = compileQuery(query), not = compileQuery({ type: "not", of: query });
      for (const event of EVENTS) if (test(event) === not(event)) throw new Error("neither does it match nor not");
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      const lies = error.problems.some(({ start, end }) => start < 0 || end < start || end > text.length);
      if (lies || error.problems.length === 0) throw new Error(`a mistake without a place: ${error.message}`);
    }
  },
} satisfies FuzzTarget;
