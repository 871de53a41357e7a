/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * Findings with their evidence.
 *
 * @module
 */
/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { SEVERITIES } from "../../../../pipeline/event.ts";
import type { FindingRow } from "../../../../pipeline/store/rows.ts";
import { api } from "../api.ts";
import { Empty, Failed } from "../parts/badges.tsx";
import { FilterBox } from "../parts/filter_box.tsx";
import { FindingCard } from "../parts/finding_card.tsx";
import { open, query, route, setParam } from "../route.ts";
import { stream } from "../stream.ts";
import { STRINGS } from "../strings.ts";
import { useKeys } from "../use.ts";

const { findings: words } = STRINGS;
/** Rows of a page, and those that are kept at most. */
const PAGE = 50, MOST = 500;
/** New findings are shown at once while the view is scrolled down by less than this, in pixels. */
const AT_TOP = 40;

/** The view. */
export function FindingsView(): JSX.Element {
  const level = SEVERITIES.find((name) => name === route.value.params.severity);
  const typed = query.value;
  const filter = [
    typed === "" ? "" : level === undefined ? typed : `(${typed})`,
    level === undefined ? "" : `severity>=${level}`,
  ]
    .filter((part) => part !== "").join(" ");
  const [rows, setRows] = useState<readonly FindingRow[]>([]);
  const [more, setMore] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const [isLoaded, setLoaded] = useState(false);
  const [fresh, setFresh] = useState<readonly FindingRow[]>([]);
  const [turn, setTurn] = useState(0);
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const stop = new AbortController();
    api.findings({ filter, limit: PAGE }, stop.signal).then((page) => {
      setRows(page.rows);
      setMore(page.more);
      setFresh([]);
      setError(undefined);
      setLoaded(true);
    }, (error) => {
      if (!stop.signal.aborted) setError(error);
    });
    return () => stop.abort();
  }, [filter, turn]);

  useEffect(() =>
    stream.follow({
      types: ["findings"],
      filter: filter || undefined,
      onChange: (change) => {
        if (change.type !== "findings") return;
        const add = (old: readonly FindingRow[]) => {
          const known = new Set(old.map(({ id }) => id));
          const added = change.rows.filter(({ id }) => !known.has(id)).sort((a, b) => b.id - a.id);
          return [...added, ...old].slice(0, MOST);
        };
        if ((box.current?.scrollTop ?? 0) < AT_TOP) setRows(add);
        else setFresh(add);
      },
      onLost: () => setTurn((turn) => turn + 1),
    }), [filter]);

  const older = async () => {
    try {
      const page = await api.findings({ filter, limit: PAGE, before: rows.at(-1)?.id });
      setRows((old) => [...old, ...page.rows].slice(-MOST));
      setMore(page.more);
    } catch (error) {
      setError(error);
    }
  };
  const { item } = route.value;
  const move = (by: number) => {
    const cards = [...box.current?.querySelectorAll<HTMLElement>(".finding-item") ?? []];
    const at = cards.findIndex((card) => card === document.activeElement);
    cards[Math.max(0, Math.min(cards.length - 1, at + by))]?.focus();
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Escape: () => open(undefined),
    Enter: () => {
      const link = document.activeElement?.querySelector<HTMLAnchorElement>(".facts a");
      if (!link || !document.activeElement?.classList.contains("finding-item")) return false;
      link.click();
      return true;
    },
  });
  return (
    <div class="list-side">
      <div class="bar">
        <FilterBox />
        <div class="bar-end">
          <div class="choices" role="group" aria-label={words.severities}>
            <button type="button" aria-pressed={level === undefined} onClick={() => setParam("severity", "")}>
              {words.all}
            </button>
            {SEVERITIES.slice(2).map((name) => (
              <button
                key={name}
                type="button"
                aria-pressed={level === name}
                onClick={() => setParam("severity", name)}
              >
                {name === "critical" ? STRINGS.severity[name] : `≥ ${STRINGS.severity[name]}`}
              </button>
            ))}
          </div>
        </div>
      </div>
      <div ref={box} class="cards" tabIndex={0} role="region" aria-label={words.list}>
        <h1 class="unseen">{words.title}</h1>
        {fresh.length > 0 && (
          <button
            type="button"
            class="fresh-button"
            onClick={() => {
              box.current?.scrollTo({ top: 0 });
              setTurn(turn + 1);
            }}
          >
            {words.fresh(fresh.length)}
          </button>
        )}
        {error !== undefined && <Failed error={error} retry={() => setTurn(turn + 1)} />}
        {!isLoaded && error === undefined && <p class="loading">{STRINGS.loading}</p>}
        {isLoaded && rows.length === 0 && (filter === ""
          ? (
            <Empty title={words.empty}>
              <p>{words.emptyAbout}</p>
            </Empty>
          )
          : <Empty title={words.emptyFilter} />)}
        {rows.map((row) => (
          <div key={row.id} class={`finding-item ${item === String(row.id) ? "is-open" : ""}`} tabIndex={-1}>
            <FindingCard finding={row} />
          </div>
        ))}
        {more && <button type="button" class="quiet" onClick={() => void older()}>{STRINGS.more}</button>}
      </div>
    </div>
  );
}
