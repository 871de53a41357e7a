/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * Live calls, and beside them the one that is open.
 *
 * @module
 */
/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { CallRow } from "../../../../pipeline/store/rows.ts";
import { type About, api } from "../api.ts";
import { bytes, clock, duration } from "../format.ts";
import { LiveList } from "../model/live_list.ts";
import { Empty, Failed, OutcomeMark, SeverityMark, Time } from "../parts/badges.tsx";
import { FilterBox } from "../parts/filter_box.tsx";
import { Grid } from "../parts/grid.tsx";
import { Icon } from "../parts/icon.tsx";
import { Text } from "../parts/text.tsx";
import { open, query, route } from "../route.ts";
import { stream } from "../stream.ts";
import { STRINGS } from "../strings.ts";
import { useKeys, useNarrow, useRedraw } from "../use.ts";
import { CallPanel } from "./call.tsx";

/** Below this width, in pixels, a call takes the whole page. */
const NARROW = 760;

const { calls: words } = STRINGS;
const COLUMNS = [
  ["time", words.time],
  ["sign", words.outcome],
  ["call", words.call],
  ["arguments", words.arguments],
  ["parties", words.parties],
  ["duration", words.duration],
  ["size", words.size],
  ["findings", words.findings],
] as const;

/** Methods whose name says less than what they are about. */
function callName({ method, name }: CallRow): { readonly main: string; readonly beside: string | undefined } {
  return name === undefined ? { main: method, beside: undefined } : { main: name, beside: method };
}

function cells(row: CallRow): JSX.Element {
  const { main, beside } = callName(row);
  return (
    <>
      <span role="gridcell" class="cell time mono">
        <Time at={row.time} text={clock(row.time)} />
      </span>
      <span role="gridcell" class="cell sign">
        <OutcomeMark of={row.outcome} />
      </span>
      <span role="gridcell" class="cell call">
        <Text class="call-name" value={main} most={160} />
        {beside !== undefined && <Text class="call-method" value={beside} most={60} />}
      </span>
      <span role="gridcell" class="cell arguments mono">
        {row.summary !== undefined && <Text value={row.summary} most={240} />}
      </span>
      <span role="gridcell" class="cell parties">
        <Text value={row.client_name ?? row.client?.name ?? STRINGS.unknown} most={60} />
        <span class="arrow" aria-hidden="true">→</span>
        <Text value={row.server_name} most={60} />
      </span>
      <span role="gridcell" class="cell duration num">
        {row.duration_ms === undefined ? words.open : duration(row.duration_ms)}
      </span>
      <span role="gridcell" class="cell size num">{bytes(row.bytes_in + row.bytes_out)}</span>
      <span role="gridcell" class="cell findings">
        {row.findings > 0 && <SeverityMark of={row.severity ?? "info"} many={row.findings} />}
      </span>
    </>
  );
}

/** The list for one filter. */
function useCalls(filter: string): LiveList<CallRow> {
  const redraw = useRedraw();
  const list = useMemo(
    () => new LiveList<CallRow>((before, limit) => api.calls({ filter, before, limit }), filter === "", redraw),
    [filter],
  );
  useEffect(() => {
    void list.reload();
    const end = stream.follow({
      types: ["calls"],
      filter: filter || undefined,
      onChange: (change) => {
        if (change.type === "calls") list.push(change.rows, change.omitted);
      },
      onLost: () => {
        if (list.follows) void list.reload();
      },
    });
    return () => {
      end();
      list.close();
    };
  }, [list]);
  return list;
}

/** The view. */
export function CallsView({ about }: { readonly about: About | undefined }): JSX.Element {
  const filter = query.value;
  const list = useCalls(filter);
  const isNarrow = useNarrow(NARROW);
  const [names, setNames] = useState<Readonly<Record<string, readonly string[]>>>({});
  const item = route.value.item;
  const opened = item === undefined ? undefined : Number(item);
  const { pages } = list;

  useEffect(() => {
    api.servers().then(
      (servers) => setNames({ server: [...new Set(servers.map(({ name }) => name))] }),
      () => {},
    );
  }, []);
  const known = useMemo(() => ({ ...names, tool: toolNames(list) }), [names, pages]);

  const turn = () => list.follows ? list.pause() : list.follow();
  useKeys({ p: turn, n: () => list.follow() });
  const step = (by: number) => {
    const index = opened === undefined ? -1 : pages.indexOf(opened);
    const next = index < 0 ? undefined : pages.at(index + by);
    if (next !== undefined) open(String(next.id), true);
  };

  const total = filter === "" ? words.total(list.newest) : words.someTotal(pages.length, pages.more);
  return (
    <div class={`split ${opened === undefined ? "" : "has-item"}`}>
      <section class="list-side" aria-label={words.title}>
        <div class="bar">
          <FilterBox known={known} />
          <div class="bar-end">
            <span class="total" role="status">{list.loaded ? total : STRINGS.loading}</span>
            {!list.follows && list.fresh > 0 && <span class="fresh">{words.fresh(list.fresh, list.hasMoreFresh)}</span>}
            {about?.live !== false && (
              <button
                type="button"
                class={`toggle ${list.follows ? "is-on" : ""}`}
                aria-pressed={list.follows}
                title={list.follows ? words.pauseAbout : words.followAbout}
                onClick={turn}
              >
                <Icon name={list.follows ? "pause" : "follow"} />
                {list.follows ? words.pause : words.follow}
              </button>
            )}
          </div>
        </div>
        {list.error !== undefined
          ? <Failed error={list.error} retry={() => void list.reload()} />
          : list.loaded && pages.length === 0 && !pages.more
          ? (filter === ""
            ? (
              <Empty title={words.empty}>
                <p>{words.emptyAbout}</p>
              </Empty>
            )
            : <Empty title={words.emptyFilter} />)
          : (
            <Grid
              label={words.list}
              rows={pages}
              columns={COLUMNS}
              cells={cells}
              rowClass={({ outcome }) => `is-${outcome ?? "open"}`}
              opened={opened}
              follows={list.follows}
              onLeave={() => list.pause()}
              onOpen={({ id }) => open(String(id), opened !== undefined)}
              onMove={({ id }) => {
                if (opened !== undefined && !isNarrow) open(String(id), true);
              }}
            />
          )}
      </section>
      {opened !== undefined && <CallPanel id={opened} step={step} newer={newerState(list, opened)} />}
    </div>
  );
}

/** The row as the list has it: an open call is asked for again when it has changed. */
function newerState(list: LiveList<CallRow>, id: number): CallRow | undefined {
  const index = list.pages.indexOf(id);
  return index < 0 ? undefined : list.pages.peek(index);
}

/** Names of tools that were seen lately, for suggestions. */
function toolNames({ pages }: LiveList<CallRow>): readonly string[] {
  const names = new Set<string>();
  for (let k = 0; k < Math.min(200, pages.length) && names.size < 50; k++) {
    const row = pages.peek(k);
    if (row?.method === "tools/call" && row.name !== undefined && row.name.length < 100) names.add(row.name);
  }
  return [...names];
}
