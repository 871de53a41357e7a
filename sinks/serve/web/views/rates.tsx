/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * Calls over time: how many, how slow, how many failed.
 *
 * @module
 */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { RateRow } from "../../../../pipeline/store/rows.ts";
import { type About, api } from "../api.ts";
import { count, duration, mark, moment, rate } from "../format.ts";
import { niceStep } from "../model/scale.ts";
import { Empty, Failed } from "../parts/badges.tsx";
import { Chart } from "../parts/chart.tsx";
import { route, setParam } from "../route.ts";
import { STRINGS } from "../strings.ts";
import { useLoad } from "../use.ts";
import { useIdleStream } from "./idle_stream.ts";

const { rates: words } = STRINGS;
/** Lengths of the ranges in milliseconds. */
const RANGES = {
  "5m": 300_000,
  "15m": 900_000,
  "1h": 3_600_000,
  "6h": 21_600_000,
  "1d": 86_400_000,
  "all": Infinity,
} as const;
type Range = keyof typeof RANGES;
/** Steps of a chart at most, and how often a live one is asked for. */
const MOST_STEPS = 120, EVERY_MS = 2000;

interface Shown {
  readonly from: number;
  readonly step: number;
  readonly rows: readonly RateRow[];
  readonly times: readonly number[];
}

async function load(range: Range): Promise<Shown | undefined> {
  let from: number, to = Date.now();
  if (range === "all") {
    const servers = await api.servers();
    if (servers.length === 0) return undefined;
    from = servers.reduce((least, { first_seen }) => Math.min(least, first_seen), Infinity);
    to = servers.reduce((most, { last_seen }) => Math.max(most, last_seen), 0) + 1;
  } else from = to - RANGES[range];
  const step = Math.max(1000, niceStep(to - from, MOST_STEPS));
  from = Math.floor(from / step) * step;
  const times = Array.from({ length: Math.max(1, Math.ceil((to - from) / step)) }, (_, k) => from + k * step);
  const rows = await api.rates(from, from + times.length * step, step);
  return { from, step, rows, times };
}

/** The view. */
export function RatesView({ about }: { readonly about: About | undefined }): JSX.Element {
  const asked = route.value.params.range;
  const range = (Object.keys(RANGES) as Range[]).find((name) => name === asked) ??
    (about?.live === false ? "all" : "15m");
  const { value, error, reload } = useLoad(() => load(range), [range], about?.live === false ? undefined : EVERY_MS);
  useIdleStream(reload);
  return (
    <div class="page">
      <div class="page-head">
        <h1>{words.title}</h1>
        <div class="choices" role="group" aria-label={words.range}>
          {(Object.keys(RANGES) as Range[]).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === range}
              onClick={() => setParam("range", name)}
            >
              {words.ranges[name]}
            </button>
          ))}
        </div>
      </div>
      {value !== undefined && value.rows.length > 0
        ? <Charts shown={value} />
        : error !== undefined
        ? <Failed error={error} retry={reload} />
        : <Empty title={words.empty} />}
    </div>
  );
}

function Charts({ shown }: { readonly shown: Shown }): JSX.Element {
  const { rows, times, step, from } = shown;
  const byStep = useMemo(() => {
    const out = new Map<number, RateRow>();
    for (const row of rows) out.set(Math.round((row.time - from) / step), row);
    return out;
  }, [shown]);
  const each = <T,>(pick: (row: RateRow) => T): readonly (T | undefined)[] =>
    times.map((_, k) => {
      const row = byStep.get(k);
      return row === undefined ? undefined : pick(row);
    });
  const seconds = step / 1000;
  const calls = rows.reduce((sum, { calls }) => sum + calls, 0),
    errors = rows.reduce((sum, { errors }) => sum + errors, 0);
  const line = (name: string, colour: string, pick: (row: RateRow) => number | undefined) => ({
    name,
    class: colour,
    values: each(pick),
  });
  return (
    <>
      <p class="soft">{words.total(count(calls), count(errors))}. {words.step(duration(step))}</p>
      <Chart
        title={words.calls}
        kind="bars"
        times={times}
        stepMs={step}
        print={rate}
        series={[
          line(words.ok, "is-ok", ({ calls, errors }) => (calls - errors) / seconds),
          line(words.failed, "is-bad", ({ errors }) => errors / seconds),
        ]}
      />
      <Chart
        title={words.latency}
        kind="lines"
        logarithmic
        times={times}
        stepMs={step}
        print={duration}
        series={[
          line(words.max, "is-third", ({ max_ms }) => max_ms),
          line(words.p95, "is-second", ({ p95_ms }) => p95_ms),
          line(words.p50, "is-ok", ({ p50_ms }) => p50_ms),
        ]}
      />
      <Chart
        title={words.errors}
        kind="bars"
        times={times}
        stepMs={step}
        print={count}
        series={[
          line(words.failed, "is-bad", ({ errors }) => errors),
          line(words.findings, "is-warn", ({ findings }) => findings),
        ]}
      />
      <details class="fold">
        <summary>{words.table}</summary>
        <div class="scroll-x" tabIndex={0} role="region" aria-label={words.table}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.time}</th>
                {[words.ok, words.failed, words.findings, words.p50, words.p95, words.max].map((name) => (
                  <th key={name} scope="col" class="num">{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.time}>
                  <th scope="row" class="mono">
                    <time title={moment(row.time)}>{mark(row.time, Math.min(step, 59_999))}</time>
                  </th>
                  <td class="num">{count(row.calls)}</td>
                  <td class="num">{count(row.errors)}</td>
                  <td class="num">{count(row.findings)}</td>
                  {[row.p50_ms, row.p95_ms, row.max_ms].map((ms, k) => (
                    <td key={k} class="num">{ms === undefined ? "" : duration(ms)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
