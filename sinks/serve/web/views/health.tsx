/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * How the pipeline does: rates, drops, gaps, buffers.
 *
 * @module
 */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { MetricsSnapshot } from "../../../../pipeline/metrics.ts";
import type { EventRow } from "../../../../pipeline/store/rows.ts";
import { api } from "../api.ts";
import { bytes, clock, count, duration, percent, rate } from "../format.ts";
import { addSnapshot, type NodeRates, nodeRates, sum } from "../model/health.ts";
import { Empty, Failed, Time } from "../parts/badges.tsx";
import { Text } from "../parts/text.tsx";
import { stream } from "../stream.ts";
import { STRINGS } from "../strings.ts";
import { useLoad } from "../use.ts";
import { Figure } from "./server.tsx";

const { health: words } = STRINGS;
/** How often counters are asked for where none come by themselves, and how often gaps are, in milliseconds. */
const EVERY_MS = 2000, GAPS_MS = 5000;
/** Gaps that are shown. */
const MOST_GAPS = 50;

/** The view. */
export function HealthView(): JSX.Element {
  const [history, setHistory] = useState<readonly MetricsSnapshot[]>([]);
  const { value, error, reload } = useLoad(async () => ({ metrics: await api.health() }), [], EVERY_MS);
  const gaps = useLoad(() => api.events({ filter: "kind:gap", limit: MOST_GAPS }), [], GAPS_MS);
  useEffect(() => {
    const metrics = value?.metrics;
    if (metrics !== undefined) setHistory((old) => addSnapshot(old, metrics));
  }, [value]);
  useEffect(() =>
    stream.follow({
      types: ["health"],
      onChange: (change) => {
        if (change.type === "health") setHistory((old) => addSnapshot(old, change.metrics));
      },
      onLost: reload,
    }), []);
  const rates = nodeRates(history);
  const latest = history.at(-1);
  const sources = rates.filter(({ node }) => node.node.startsWith("sources"));
  return (
    <div class="page">
      <div class="page-head">
        <h1>{words.title}</h1>
        {latest !== undefined && <span class="soft">{words.uptime} {duration(latest.uptime_ms)}</span>}
      </div>
      {latest === undefined
        ? value === undefined
          ? (error === undefined ? <p class="loading">{STRINGS.loading}</p> : <Failed error={error} retry={reload} />)
          : (
            <Empty title={words.none}>
              <p>{words.noneAbout}</p>
            </Empty>
          )
        : (
          <>
            <div class="figures">
              <Figure name={words.events} value={rate(sources.reduce((sum, { sent }) => sum + sent, 0))} />
              <Figure
                name={words.allDropped}
                value={count(rates.reduce((all, { dropped }) => all + dropped, 0))}
                state={rates.some(({ dropped }) => dropped > 0) ? "is-warn" : ""}
              />
              <Figure
                name={words.allErrors}
                value={count(rates.reduce((all, { errors }) => all + errors, 0))}
                state={rates.some(({ errors }) => errors > 0) ? "is-bad" : ""}
              />
            </div>
            <Nodes rates={rates} />
          </>
        )}
      <section class="block">
        <h2>{words.gaps}</h2>
        <p class="soft">{words.gapsAbout}</p>
        {gaps.value === undefined
          ? (gaps.error === undefined ? null : <Failed error={gaps.error} retry={gaps.reload} />)
          : gaps.value.rows.length === 0
          ? <p>{words.gapsNone}</p>
          : <Gaps rows={gaps.value.rows} />}
      </section>
    </div>
  );
}

function Nodes({ rates }: { readonly rates: readonly NodeRates[] }): JSX.Element {
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={words.nodes}>
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">{words.node}</th>
            <th scope="col" class="num">{words.received}</th>
            <th scope="col" class="num">{words.sent}</th>
            <th scope="col" class="num">{words.rate}</th>
            <th scope="col">
              <span class="unseen">{words.rate}</span>
            </th>
            <th scope="col" class="num">{words.busy}</th>
            <th scope="col">{words.dropped}</th>
            <th scope="col">{words.errors}</th>
            <th scope="col">{words.gauges}</th>
          </tr>
        </thead>
        <tbody>
          {rates.map(({ node, received, sent, busy, history }) => (
            <tr key={node.node}>
              <th scope="row">
                <Text class="mono" value={node.node} most={60} /> <Text class="soft" value={node.type} most={40} />
              </th>
              <td class="num">{count(node.received)}</td>
              <td class="num">{count(node.sent)}</td>
              <td class="num">{rate(Math.max(received, sent))}</td>
              <td>
                <Spark values={history} />
              </td>
              <td class="num" title={words.ofProcessor(percent(busy))}>{percent(busy)}</td>
              <td>
                <Counters of={node.dropped} state="is-warn" />
              </td>
              <td>
                <Counters of={node.errors} state="is-bad" />
              </td>
              <td>
                <Gauges of={node.gauges} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Counters(
  { of, state }: { readonly of: Readonly<Record<string, number>>; readonly state: string },
): JSX.Element {
  if (sum(of) === 0) return <span class="soft">0</span>;
  return (
    <>
      {Object.entries(of).filter(([, many]) => many > 0).slice(0, 20).map(([name, many]) => (
        <span key={name} class={`counter ${state}`}>
          <Text value={name} most={60} /> <b class="num">{count(many)}</b>
        </span>
      ))}
    </>
  );
}

function Gauges({ of }: { readonly of: Readonly<Record<string, number>> }): JSX.Element {
  return (
    <>
      {Object.entries(of).slice(0, 30).map(([name, value]) => (
        <span key={name} class="counter">
          <Text value={name} most={60} />{" "}
          <b class="num">
            {name.endsWith("_bytes") ? bytes(value) : name.endsWith("_ms") ? duration(value) : rate(value)}
          </b>
        </span>
      ))}
    </>
  );
}

/** A small curve; the number beside it says the same. */
function Spark({ values }: { readonly values: readonly number[] }): JSX.Element {
  const most = values.reduce((a, b) => Math.max(a, b), 1);
  const shown = values.slice(-60);
  const path = shown.map((value, k) =>
    `${k === 0 ? "M" : "L"}${(k / 59 * 118 + 1).toFixed(1)} ${(21 - value / most * 19).toFixed(1)}`
  );
  return (
    <svg class="spark" width="120" height="22" aria-hidden="true" focusable="false">
      <path d={path.join("")} />
    </svg>
  );
}

function Gaps({ rows }: { readonly rows: readonly EventRow[] }): JSX.Element {
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={words.gaps}>
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">{words.time}</th>
            <th scope="col">{words.reason}</th>
            <th scope="col">{words.message}</th>
            <th scope="col">{words.lost}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td class="mono">
                <Time at={row.time} text={clock(row.time)} />
              </td>
              <td class="mono">
                <Text value={row.name} most={60} />
              </td>
              <td>
                <Text value={row.message ?? ""} most={400} />
              </td>
              <td class="num">{lost(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function lost({ data = {} }: EventRow): string {
  const { records, messages, bytes: size } = data;
  return [
    typeof records === "number" ? words.records(records) : "",
    typeof messages === "number" ? words.messages(messages) : "",
    typeof size === "number" ? bytes(size) : "",
  ].filter((part) => part !== "").join(", ");
}
