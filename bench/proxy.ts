/**
 * What `mcpsonde proxy` adds to a round trip over stdio, against the bare pipe and a pair of Deno's streams, one after the
 * other in each round; and how long it takes to the first answer.
 *
 * @module
 */
import { join } from "node:path";
import { native, output, report, spread } from "./_bench.ts";

const ROUNDS = 7, TRIPS = 5000, BYTES = 300;

interface Trips {
  readonly first_ms: number;
  readonly median_us: number;
  readonly per_second: number;
}

const trips = await native("round_trips");
const folder = await Deno.makeTempDir();
const main = new URL("../commands/_proxy/mcpsonde_proxy.ts", import.meta.url).pathname;
const pipeTo = new URL("_pipe_to.ts", import.meta.url).pathname;
const deno = [Deno.execPath(), "run", "--quiet", "-A"];
const proxy = [...deno, main, "proxy", "-o", join(folder, "out.jsonl")];
const ways = {
  bare: [],
  proxy: [...proxy, "--"],
  policy: [...deno, main, "proxy", "-o", join(folder, "policy.jsonl"), "--deny", "tool:nosuch", "--"],
  pipeTo: [...deno, pipeTo],
};

async function measure(before: readonly string[], count = TRIPS): Promise<Trips> {
  return JSON.parse(await output(trips, String(count), String(BYTES), ...before, trips, "echo"));
}

const rounds: Record<keyof typeof ways, Trips>[] = [];
for (let i = 0; i < ROUNDS; i++) {
  rounds.push({
    bare: await measure(ways.bare),
    proxy: await measure(ways.proxy),
    policy: await measure(ways.policy),
    pipeTo: await measure(ways.pipeTo),
  });
}
const starts: number[] = [];
for (let i = 0; i < ROUNDS; i++) starts.push((await measure(ways.proxy, 10)).first_ms);
await Deno.remove(folder, { recursive: true });

/** The extra time of a way, round by round. */
function extra(way: keyof typeof ways) {
  return spread(rounds.map((round) => round[way].median_us - round.bare.median_us));
}

const micros = ({ median }: { readonly median: number }) =>
  `${median < 0 ? "−" : "+"}${Math.abs(median).toFixed(0)} µs`;
const bare = spread(rounds.map((round) => round.bare.median_us)), added = extra("proxy"), start = spread(starts);
const perSecond = spread(rounds.map((round) => round.proxy.per_second));
report("proxy", [
  {
    what: "A round trip of 300 bytes through mcpsonde proxy, median",
    measured: micros(added),
    baseline: `${bare.median.toFixed(0)} µs; a pipeTo pair ${micros(extra("pipeTo"))}`,
    target: "≤ +60 µs",
    ok: added.median <= 60,
  },
  { what: "… with a policy", measured: micros(extra("policy")), target: "≤ +60 µs", ok: extra("policy").median <= 60 },
  {
    what: "Round trips through it",
    measured: `${Math.round(perSecond.median).toLocaleString("en")}/s`,
    target: "≥ 5,000/s",
    ok: perSecond.median >= 5000,
  },
  {
    what: "From starting mcpsonde proxy to the server's first answer",
    measured: `${start.median.toFixed(0)} ms (least ${start.min.toFixed(0)} ms)`,
    target: "< 120 ms",
    ok: start.median < 120,
  },
]);
