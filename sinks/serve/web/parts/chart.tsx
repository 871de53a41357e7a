/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * A chart over time: bars that stand on one another, or lines.
 *
 * @module
 */
/// <reference lib="dom" />
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { mark } from "../format.ts";
import { powerMarks, timeMarks, valueMarks } from "../model/scale.ts";
import { STRINGS } from "../strings.ts";
import { useSize } from "../use.ts";

/** One row of values. `class` names its colour. */
export interface Series {
  readonly name: string;
  readonly class: string;
  /** One for each time; undefined where there is none. */
  readonly values: readonly (number | undefined)[];
}

/** What is drawn. */
export interface ChartProps {
  readonly title: string;
  readonly kind: "bars" | "lines";
  /** Starts of the steps, oldest first, without holes. */
  readonly times: readonly number[];
  readonly stepMs: number;
  readonly series: readonly Series[];
  /** A value for people. */
  readonly print: (value: number) => string;
  /** Powers of ten are as far apart as one another. */
  readonly logarithmic?: boolean;
}

const LEFT = 68, RIGHT = 10, TOP = 8, BOTTOM = 22, HEIGHT = 180;

/** The chart. The values under the pointer, or at the place chosen by arrow keys, stand in the legend. */
export function Chart({ title, kind, times, stepMs, series, print, logarithmic = false }: ChartProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const { width: measured } = useSize(box);
  const [at, setAt] = useState<number | undefined>(undefined);
  const width = Math.max(240, measured || 600);
  const from = times[0] ?? 0, to = (times.at(-1) ?? 0) + stepMs;
  const inner = width - LEFT - RIGHT, tall = HEIGHT - TOP - BOTTOM;
  const x = (time: number) => LEFT + (time - from) / Math.max(1, to - from) * inner;

  const values = series.flatMap(({ values }) => values.filter((value) => value !== undefined && value > 0)) as number[];
  const most = kind === "bars"
    ? Math.max(0, ...times.map((_, k) => series.reduce((sum, { values }) => sum + (values[k] ?? 0), 0)))
    : values.reduce((a, b) => Math.max(a, b), 0);
  const marks = logarithmic
    ? powerMarks(values.reduce((a, b) => Math.min(a, b), most || 1), most)
    : valueMarks(most, 4);
  const low = marks[0] ?? 0, high = marks.at(-1) ?? 1;
  const y = (value: number) => {
    const part = logarithmic
      ? (Math.log10(Math.max(value, low)) - Math.log10(low)) / (Math.log10(high) - Math.log10(low))
      : value / high;
    return TOP + tall - Math.max(0, Math.min(1, part)) * tall;
  };
  const move = (by: number) => setAt(Math.max(0, Math.min(times.length - 1, (at ?? times.length - 1) + by)));
  const markStep = times.length > 1 ? (to - from) / 6 : stepMs;
  return (
    <figure class="chart" aria-label={title}>
      <figcaption>
        <h3>{title}</h3>
        <span class="legend">
          {series.map(({ name, class: colour, values }) => {
            const value = at === undefined ? undefined : values[at];
            return (
              <span key={name} class={`legend-item ${colour}`}>
                <span class="swatch" aria-hidden="true"></span>
                {name}
                {value !== undefined && <b class="num">{print(value)}</b>}
              </span>
            );
          })}
          <span class="legend-time mono" role="status">
            {at === undefined ? "" : mark(times[at] ?? 0, Math.min(stepMs, 59_999))}
          </span>
        </span>
      </figcaption>
      <div
        ref={box}
        class="chart-box"
        tabIndex={0}
        role="img"
        aria-label={title}
        onMouseMove={({ clientX, currentTarget }) => {
          const place = (clientX - currentTarget.getBoundingClientRect().left - LEFT) / inner;
          setAt(place < 0 || place >= 1 ? undefined : Math.min(times.length - 1, Math.floor(place * times.length)));
        }}
        onMouseLeave={() => setAt(undefined)}
        onBlur={() => setAt(undefined)}
        onKeyDown={(event) => {
          if (event.key === "ArrowLeft") move(-1);
          else if (event.key === "ArrowRight") move(1);
          else return;
          event.preventDefault();
        }}
      >
        <svg width={width} height={HEIGHT} aria-hidden="true" focusable="false">
          {marks.map((value) => (
            <g key={value} class="axis">
              <line x1={LEFT} x2={width - RIGHT} y1={y(value)} y2={y(value)} />
              <text x={LEFT - 8} y={y(value) + 4} text-anchor="end">{print(value)}</text>
            </g>
          ))}
          {timeMarks(from, to, inner / 110).map((time) => (
            <text key={time} class="axis-time" x={x(time)} y={HEIGHT - 5} text-anchor="middle">
              {mark(time, markStep)}
            </text>
          ))}
          {at !== undefined && (
            <rect class="at" x={x(times[at] ?? 0)} width={Math.max(1, inner / times.length)} y={TOP} height={tall} />
          )}
          {kind === "bars"
            ? bars({ times, series, x, y, width: inner / Math.max(1, times.length) })
            : series.map((line) => (
              <Line
                key={line.name}
                line={line}
                x={(k) => x((times[k] ?? 0) + stepMs / 2)}
                y={y}
              />
            ))}
        </svg>
      </div>
      {times.length === 0 && <p class="soft">{STRINGS.rates.empty}</p>}
    </figure>
  );
}

function bars({ times, series, x, y, width }: {
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly x: (time: number) => number;
  readonly y: (value: number) => number;
  readonly width: number;
}): readonly JSX.Element[] {
  const wide = Math.max(1, width - (width > 4 ? 1 : 0));
  return series.map(({ name, class: colour, values }, k) => {
    const path = times.map((time, n) => {
      const value = values[n] ?? 0;
      if (value <= 0) return "";
      const below = series.slice(0, k).reduce((sum, other) => sum + (other.values[n] ?? 0), 0);
      const bottom = y(below), top = y(below + value);
      return `M${x(time).toFixed(1)} ${bottom.toFixed(1)}h${wide.toFixed(1)}V${Math.min(top, bottom - 1).toFixed(1)}h-${
        wide.toFixed(1)
      }z`;
    }).join("");
    return <path key={name} class={`bar-of ${colour}`} d={path} />;
  });
}

function Line({ line, x, y }: {
  readonly line: Series;
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
}): JSX.Element {
  let path = "", isDown = false;
  const dots: JSX.Element[] = [];
  line.values.forEach((value, k) => {
    if (value === undefined) {
      isDown = false;
      return;
    }
    path += `${isDown ? "L" : "M"}${x(k).toFixed(1)} ${y(value).toFixed(1)}`;
    if (!isDown && line.values[k + 1] === undefined) dots.push(<circle key={k} cx={x(k)} cy={y(value)} r="2.5" />);
    isDown = true;
  });
  return (
    <g class={`line-of ${line.class}`}>
      <path d={path} />
      {dots}
    </g>
  );
}
