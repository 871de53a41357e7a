/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * The timeline of a call: a picture of its length with a mark for each thing that happened, and the things in words.
 *
 * @module
 */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import type { CallDetail } from "../../../../pipeline/feed/feed.ts";
import { bytes, duration } from "../format.ts";
import { extent, type Happening, timeline } from "../model/timeline.ts";
import { STRINGS } from "../strings.ts";
import { SeverityMark } from "./badges.tsx";
import { Text } from "./text.tsx";

const { call: words } = STRINGS;
/** Things that are listed at first, and each time more are asked for. */
const STEP = 60;
/** Width of the picture in its own units. */
const WIDTH = 1000;

/** The timeline. */
export function TimelineView({ detail }: { readonly detail: CallDetail }): JSX.Element {
  const [most, setMost] = useState(STEP);
  const all = timeline(detail);
  const [from, to] = extent(all, detail.call);
  const span = Math.max(to - from, 0.001);
  const x = (time: number) => (time - from) / span * WIDTH;
  const end = detail.call.time + (detail.call.duration_ms ?? to - detail.call.time);
  return (
    <section class="block">
      <h3>{words.timeline}</h3>
      <svg
        class="strip"
        viewBox={`-8 0 ${WIDTH + 16} 20`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words.timelineAbout(duration(span))}
      >
        <line class="strip-axis" x1="0" x2={WIDTH} y1="10" y2="10" />
        <line
          class={`strip-call is-${detail.call.outcome ?? "open"}`}
          x1={x(detail.call.time)}
          x2={x(end)}
          y1="10"
          y2="10"
        />
        {all.slice(0, 500).map((happening, k) => (
          <line
            key={k}
            class={`strip-mark is-${happening.kind} ${kindOf(happening)}`}
            x1={x(happening.time)}
            x2={x(happening.time)}
            y1="3"
            y2="17"
          />
        ))}
      </svg>
      <ol class="timeline">
        {all.slice(0, most).map((happening, k) => (
          <li key={k} class={`is-${happening.kind} ${kindOf(happening)}`}>
            <span class="offset num mono">+{duration(happening.time - from)}</span>
            <span class="dot" aria-hidden="true"></span>
            <span class="what">{tell(happening)}</span>
          </li>
        ))}
      </ol>
      {all.length > most && (
        <button type="button" class="quiet" onClick={() => setMost(most + 10 * STEP)}>
          {STRINGS.json.next(Math.min(10 * STEP, all.length - most), all.length - most)}
        </button>
      )}
    </section>
  );
}

function kindOf(happening: Happening): string {
  if (happening.kind === "message") {
    return happening.row.is_error ? "is-bad" : `is-${happening.row.type}`;
  }
  return happening.kind === "finding" ? "is-bad" : "";
}

function tell(happening: Happening): ComponentChildren {
  switch (happening.kind) {
    case "message": {
      const { type, method, sender, latency_ms, bytes: size } = happening.row;
      return (
        <>
          <span>{words[type]}</span>
          {method !== undefined && <Text class="mono" value={method} most={80} />}
          {happening.repeated && <span class="tag">{words.retry}</span>}
          {sender !== undefined && <span class="soft">{words.from(sender)}</span>}
          <span class="soft num">{bytes(size)}</span>
          {latency_ms !== undefined && <span class="soft num">{duration(latency_ms)}</span>}
        </>
      );
    }
    case "finding":
      return (
        <>
          <SeverityMark of={happening.row.severity} />
          <Text value={happening.row.message} most={200} />
        </>
      );
    case "event": {
      const { name, source, message, process, data } = happening.row;
      return (
        <>
          <Text class="mono" value={name} most={80} />
          {message !== undefined && <Text value={message} most={200} />}
          {data !== undefined && <Text class="soft mono" value={JSON.stringify(data)} most={160} />}
          <span class="soft">
            <Text value={process?.name ?? source} most={60} />
          </span>
        </>
      );
    }
    case "http":
      return (
        <>
          <span>{words.http}</span>
          <Text class="mono" value={`${happening.row.method} ${happening.row.target}`} most={120} />
          {happening.row.status !== undefined && <span class="soft num">{String(happening.row.status)}</span>}
        </>
      );
    case "end":
      return <span>{words.ended}</span>;
  }
}
