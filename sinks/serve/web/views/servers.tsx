/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * Servers and what they offer.
 *
 * @module
 */
/// <reference lib="dom" />
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { ServerRow } from "../../../../pipeline/store/rows.ts";
import { type About, api } from "../api.ts";
import { clock, count, moment, short } from "../format.ts";
import { Empty, Failed } from "../parts/badges.tsx";
import { Text } from "../parts/text.tsx";
import { open, printRoute, route } from "../route.ts";
import { STRINGS } from "../strings.ts";
import { useKeys, useLoad } from "../use.ts";
import { useIdleStream } from "./idle_stream.ts";
import { ServerPage } from "./server.tsx";

const { servers: words } = STRINGS;
/** Rows that are shown at first, and each time more are asked for. */
const STEP = 200;
/** Not asked for more often than this, in milliseconds. */
const AGAIN_MS = 1500;

/** The view. */
export function ServersView({ about }: { readonly about: About | undefined }): JSX.Element {
  const { item } = route.value;
  return item === undefined ? <ServerList /> : <ServerPage key={item} id={item} accepts={about?.accepts ?? false} />;
}

function ServerList(): JSX.Element {
  const { value, error, reload } = useLoad(() => api.servers(), []);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const [most, setMost] = useState(STEP);
  const [at, setAt] = useState(-1);
  useIdleStream(reload, () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      reload();
    }, AGAIN_MS);
  });
  const rows = [...value ?? []].sort((a, b) => b.calls - a.calls || b.last_seen - a.last_seen);
  const shown = rows.slice(0, most);
  const move = (by: number) => {
    const next = Math.max(0, Math.min(shown.length - 1, at + by));
    setAt(next);
    document.querySelectorAll<HTMLAnchorElement>("tbody th a")[next]?.focus();
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: () => {
      const row = shown[at];
      if (row === undefined) return false;
      open(row.key);
      return true;
    },
  });
  return (
    <div class="page">
      <div class="page-head">
        <h1>{words.title}</h1>
        {value !== undefined && <span class="soft">{words.total(rows.length)}</span>}
      </div>
      {value === undefined
        ? (error === undefined ? <p class="loading">{STRINGS.loading}</p> : <Failed error={error} retry={reload} />)
        : rows.length === 0
        ? (
          <Empty title={words.empty}>
            <p>{words.emptyAbout}</p>
          </Empty>
        )
        : (
          <div class="scroll-x" tabIndex={0} role="region" aria-label={words.list}>
            <table class="wide">
              <thead>
                <tr>
                  <th scope="col">{words.name}</th>
                  <th scope="col">{words.transport}</th>
                  <th scope="col" class="is-where">{words.where}</th>
                  <th scope="col" class="num">{words.tools}</th>
                  <th scope="col" class="num">{words.tokens}</th>
                  <th scope="col" class="num">{words.calls}</th>
                  <th scope="col" class="num">{words.errors}</th>
                  <th scope="col" class="num">{words.findings}</th>
                  <th scope="col" class="num">{words.last}</th>
                </tr>
              </thead>
              <tbody>{shown.map((row) => <Row key={row.key} row={row} />)}</tbody>
            </table>
          </div>
        )}
      {rows.length > most && (
        <button type="button" class="quiet" onClick={() => setMost(most + STEP)}>
          {STRINGS.json.next(Math.min(STEP, rows.length - most), rows.length - most)}
        </button>
      )}
    </div>
  );
}

function Row({ row }: { readonly row: ServerRow }): JSX.Element {
  const where = row.address ?? row.process?.exe ?? row.process?.comm ?? "";
  return (
    <tr class="is-link" onClick={() => open(row.key)}>
      <th scope="row">
        <a href={printRoute({ view: "servers", item: row.key })}>
          <Text value={row.name} most={80} />
        </a>
        {row.version !== undefined && <Text class="soft version" value={row.version} most={24} />}
      </th>
      <td>{row.transport}{row.remote && <span class="tag">{words.remote}</span>}</td>
      <td class="where mono">
        <Text value={where} most={70} />
      </td>
      <td class="num">{count(row.tools)}</td>
      <td class="num">{row.tokens === undefined ? "" : `≈ ${short(row.tokens)}`}</td>
      <td class="num">{count(row.calls)}</td>
      <td class={`num ${row.errors > 0 ? "is-bad" : ""}`}>{count(row.errors)}</td>
      <td class={`num ${row.findings > 0 ? "is-warn" : ""}`}>{count(row.findings)}</td>
      <td class="num mono">
        <time title={moment(row.last_seen)}>{clock(row.last_seen)}</time>
      </td>
    </tr>
  );
}
