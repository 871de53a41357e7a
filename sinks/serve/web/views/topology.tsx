/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * Who talks to whom.
 *
 * @module
 */
/// <reference lib="dom" />
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { LinkRow } from "../../../../pipeline/store/rows.ts";
import { type About, api } from "../api.ts";
import { count } from "../format.ts";
import { visible } from "../model/segments.ts";
import { type Layout, layOut, type Party } from "../model/topology.ts";
import { Empty, Failed } from "../parts/badges.tsx";
import { Text } from "../parts/text.tsx";
import { printRoute } from "../route.ts";
import { STRINGS } from "../strings.ts";
import { useLoad, useSize } from "../use.ts";
import { useIdleStream } from "./idle_stream.ts";

const { topology: words } = STRINGS;
/** How often a live picture is asked for, in milliseconds. */
const EVERY_MS = 4000;
/** Sizes in pixels. */
const NODE_WIDTH = 184, NODE_HEIGHT = 46, ROW = 70, LEAST_COLUMN = 250, LETTER = 6.2;

/** The view. */
export function TopologyView({ about }: { readonly about: About | undefined }): JSX.Element {
  const { value, error, reload } = useLoad(() => api.links(), [], about?.live === false ? undefined : EVERY_MS);
  useIdleStream(reload);
  if (value === undefined) {
    return (
      <div class="page">
        {error === undefined ? <p class="loading">{STRINGS.loading}</p> : <Failed error={error} retry={reload} />}
      </div>
    );
  }
  const layout = layOut(value);
  return (
    <div class="page">
      <div class="page-head">
        <h1>{words.title}</h1>
        <span class="soft">{words.summary(layout.parties.length + layout.left, value.length)}</span>
      </div>
      {value.length === 0
        ? (
          <Empty title={words.empty}>
            <p>{words.emptyAbout}</p>
          </Empty>
        )
        : (
          <>
            <Picture layout={layout} />
            {layout.left > 0 && <p class="soft">{words.tooMany(layout.left)}</p>}
            <details class="fold" open={layout.left > 0}>
              <summary>{words.table}</summary>
              <Table links={value} />
            </details>
          </>
        )}
    </div>
  );
}

function Picture({ layout }: { readonly layout: Layout }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const { width: measured } = useSize(box);
  const { parties, links, columns, rows } = layout;
  const pad = 12;
  const column = columns < 2
    ? 0
    : Math.max(LEAST_COLUMN, Math.min(460, ((measured || 900) - 2 * pad - NODE_WIDTH) / (columns - 1)));
  const width = 2 * pad + NODE_WIDTH + column * Math.max(0, columns - 1);
  const height = 2 * pad + Math.max(0, rows - 1) * ROW + NODE_HEIGHT;
  const place = (party: Party) => ({ x: pad + party.column * column, y: pad + party.row * ROW });
  const byId = new Map(parties.map((party) => [party.id, party]));
  const most = links.reduce((most, { calls }) => Math.max(most, calls), 1);
  return (
    <div ref={box} class="picture scroll-x" tabIndex={0} role="region" aria-label={words.picture}>
      <svg width={width} height={height} role="group" aria-label={words.picture}>
        {links.map((link) => {
          const from = byId.get(link.from), to = byId.get(link.to);
          if (!from || !to) return null;
          return (
            <Edge
              key={`${link.from} ${link.to} ${link.transport}`}
              link={link}
              from={place(from)}
              to={place(to)}
              most={most}
            />
          );
        })}
        {links.map((link) => {
          const from = byId.get(link.from), to = byId.get(link.to);
          if (!from || !to) return null;
          const key = `${link.from} ${link.to} ${link.transport}`;
          return <Label key={key} link={link} from={place(from)} to={place(to)} />;
        })}
        {parties.map((party) => <Node key={party.id} party={party} {...place(party)} />)}
      </svg>
    </div>
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function Edge({ link, from, to, most }: {
  readonly link: LinkRow;
  readonly from: Point;
  readonly to: Point;
  readonly most: number;
}): JSX.Element {
  const isBack = to.x <= from.x;
  const x1 = from.x + (isBack ? NODE_WIDTH / 2 : NODE_WIDTH), y1 = from.y + NODE_HEIGHT / (isBack ? 1 : 2);
  const x2 = to.x + (isBack ? NODE_WIDTH / 2 : 0), y2 = to.y + (isBack ? NODE_HEIGHT : NODE_HEIGHT / 2);
  const bend = isBack ? 40 : Math.max(40, (x2 - x1) / 2);
  const path = isBack
    ? `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 + bend} ${x2} ${y2}`
    : `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  const wide = 1.25 + 4 * Math.log1p(link.calls) / Math.log1p(Math.max(2, most));
  const state = link.findings > 0 ? "is-warn" : link.errors > 0 ? "is-bad" : "";
  return (
    <g class={`edge ${state} is-${link.transport}`}>
      <title>{words.edge(visible(link.from_name, 80), visible(link.to_name, 80), link.calls)}</title>
      <path d={path} stroke-width={link.transport === "child" ? 1.25 : wide} />
    </g>
  );
}

/** What an edge carries; drawn after all edges. */
function Label({ link, from, to }: { readonly link: LinkRow; readonly from: Point; readonly to: Point }): JSX.Element {
  const isBack = to.x <= from.x;
  const x = isBack ? (from.x + to.x + NODE_WIDTH) / 2 : (from.x + NODE_WIDTH + to.x) / 2;
  const y = (from.y + to.y + NODE_HEIGHT) / 2 + (isBack ? NODE_HEIGHT / 2 + 30 : 0);
  const label = link.transport === "child" ? words.child : `${link.transport} · ${count(link.calls)}`;
  const wide = label.length * LETTER + 10;
  return (
    <g class="edge-label">
      <rect x={x - wide / 2} y={y - 9} width={wide} height={18} rx={9} />
      <text x={x} y={y + 4} text-anchor="middle">{label}</text>
    </g>
  );
}

function Node({ party, x, y }: Point & { readonly party: Party }): JSX.Element {
  const { name, kind, server, id, errors, findings, calls } = party;
  const pid = /^process:(\d+)$/.exec(id)?.[1];
  const href = server !== undefined
    ? printRoute({ view: "servers", item: server })
    : printRoute({ view: "calls", params: { q: pid === undefined ? `host:"${id.slice(5)}*"` : `pid:${pid}` } });
  const below = server !== undefined || pid === undefined ? words.kinds[kind] : pid;
  return (
    <a href={href} class={`node is-${kind}`}>
      <rect x={x} y={y} width={NODE_WIDTH} height={NODE_HEIGHT} rx="8">
        <title>{visible(name)}</title>
      </rect>
      <text class="node-name" x={x + 14} y={y + 20}>{visible(name, 22)}</text>
      <text class="node-about" x={x + 14} y={y + 36}>{`${below} · ${STRINGS.calls.total(calls)}`}</text>
      {(errors > 0 || findings > 0) && (
        <circle class={findings > 0 ? "is-warn" : "is-bad"} cx={x + NODE_WIDTH - 14} cy={y + 15} r="4.5" />
      )}
    </a>
  );
}

function Table({ links }: { readonly links: readonly LinkRow[] }): JSX.Element {
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={words.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.from}</th>
            <th scope="col">{words.to}</th>
            <th scope="col">{words.transport}</th>
            <th scope="col" class="num">{words.calls}</th>
            <th scope="col" class="num">{words.errors}</th>
            <th scope="col" class="num">{words.findings}</th>
          </tr>
        </thead>
        <tbody>
          {links.map((link) => (
            <tr key={`${link.from} ${link.to} ${link.transport}`}>
              <th scope="row">
                <Text value={link.from_name} most={80} />{" "}
                <span class="soft mono">
                  <Text value={link.from} most={60} />
                </span>
              </th>
              <td>
                <Text value={link.to_name} most={80} />{" "}
                <span class="soft mono">
                  <Text value={link.to} most={60} />
                </span>
              </td>
              <td>{link.transport === "child" ? words.child : link.transport}</td>
              <td class="num">{count(link.calls)}</td>
              <td class="num">{count(link.errors)}</td>
              <td class="num">{count(link.findings)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
