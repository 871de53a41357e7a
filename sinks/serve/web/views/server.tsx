/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * One server: what it is, what it offers and costs, and what has changed since that was accepted.
 *
 * @module
 */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { DriftRow } from "../../../../pipeline/feed/feed.ts";
import type { ServerRow, ToolRow } from "../../../../pipeline/store/rows.ts";
import { api, ApiError } from "../api.ts";
import { count, moment } from "../format.ts";
import { Empty, Failed, Party } from "../parts/badges.tsx";
import { type Fact, fact, Facts } from "../parts/facts.tsx";
import { Icon } from "../parts/icon.tsx";
import { JsonView, Many } from "../parts/json_view.tsx";
import { LongText, Text } from "../parts/text.tsx";
import { go, printRoute } from "../route.ts";
import { STRINGS } from "../strings.ts";
import { useKeys, useLoad } from "../use.ts";
import { useIdleStream } from "./idle_stream.ts";

const { servers: words } = STRINGS;
const KINDS: readonly ToolRow["kind"][] = ["tool", "prompt", "resource", "resource_template"];
/** Entries that are shown at first, and each time more are asked for. */
const STEP = 100;

/** The server with this key; `accepts`: there is a baseline. */
export function ServerPage({ id, accepts }: { readonly id: string; readonly accepts: boolean }): JSX.Element {
  const { value, error, reload } = useLoad(() => api.server(id), [id]);
  useIdleStream(reload);
  const back = () => go({ view: "servers" });
  useKeys({ Escape: back });
  if (value === undefined) {
    return (
      <div class="page">
        {error === undefined
          ? <p class="loading">{STRINGS.loading}</p>
          : error instanceof ApiError && error.status === 404
          ? (
            <Empty title={words.gone}>
              <a href={printRoute({ view: "servers" })}>{words.back}</a>
            </Empty>
          )
          : <Failed error={error} retry={reload} />}
      </div>
    );
  }
  const { server, tools, drift } = value;
  return (
    <div class="page">
      <div class="page-head">
        <a class="bare back" href={printRoute({ view: "servers" })} aria-label={words.back} title={words.back}>
          <Icon name="back" />
        </a>
        <h1>
          <Text value={server.name} most={200} />
        </h1>
        {server.version !== undefined && <Text class="soft" value={server.version} most={40} />}
        <span class="grow"></span>
        <a
          class="button"
          href={printRoute({ view: "calls", params: { q: `server:"${server.name.replace(/["\\]/g, "\\$&")}"` } })}
        >
          {words.showCalls}
        </a>
      </div>
      <div class="figures">
        <Figure name={words.calls} value={count(server.calls)} />
        <Figure name={words.errors} value={count(server.errors)} state={server.errors > 0 ? "is-bad" : ""} />
        <Figure name={words.findings} value={count(server.findings)} state={server.findings > 0 ? "is-warn" : ""} />
        <Figure name={words.tools} value={count(server.tools)} />
        {server.tokens !== undefined && <Figure name={words.tokens} value={`≈ ${count(server.tokens)}`} />}
      </div>
      {(drift !== undefined || accepts) && (
        <Drift
          server={server}
          drift={drift}
          accepts={accepts}
          onAccepted={reload}
        />
      )}
      <Offers server={server} tools={tools} />
      {server.instructions !== undefined && (
        <section class="block">
          <h2>{words.instructions}</h2>
          <p class="prose">
            <LongText value={server.instructions} first={1500} />
          </p>
        </section>
      )}
      <section class="block">
        <h2>{words.about}</h2>
        <Facts rows={facts(server)} />
      </section>
    </div>
  );
}

/** A number that matters. */
export function Figure(
  { name, value, state = "" }: { readonly name: string; readonly value: string; readonly state?: string },
): JSX.Element {
  return (
    <div class={`figure ${state}`}>
      <span class="figure-value num">{value}</span>
      <span class="figure-name">{name}</span>
    </div>
  );
}

function facts(server: ServerRow): readonly (Fact | undefined)[] {
  const { process, executable_hash: hash } = server;
  const text = (value: string | undefined, most = 300) => value !== undefined && <Text value={value} most={most} />;
  return [
    fact(words.transport, text(server.transport)),
    fact(words.address, text(server.address)),
    fact(words.process, process !== undefined && <Party process={process} />),
    fact(words.executable, text(process?.exe)),
    fact(words.hash, hash !== undefined && <Text class="mono" value={hash} most={64} />),
    fact(words.package, text(server.package)),
    fact(words.container, text(process?.container)),
    fact(words.eras, server.eras.length > 0 && text(server.eras.join(", "))),
    fact(words.first, moment(server.first_seen)),
    fact(words.last, moment(server.last_seen)),
  ];
}

function Drift({ server, drift, accepts, onAccepted }: {
  readonly server: ServerRow;
  readonly drift: readonly DriftRow[] | undefined;
  readonly accepts: boolean;
  readonly onAccepted: () => void;
}): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  const [told, setTold] = useState("");
  const accept = async (tools?: readonly string[]) => {
    setAsking(false);
    try {
      await api.accept(server.key, tools);
      setTold(words.accepted);
      onAccepted();
    } catch (error) {
      setTold(`${words.acceptFailed}: ${error instanceof Error ? error.message : error}`);
    }
  };
  return (
    <section class={`block drift ${drift !== undefined && drift.length > 0 ? "is-warn" : ""}`}>
      <div class="block-head">
        <h2>{words.drift}</h2>
        {drift !== undefined && drift.length > 0 && <Many of={drift.length} />}
        <span class="grow"></span>
        {accepts && drift !== undefined && drift.length > 0 && !isAsking && (
          <button
            type="button"
            onClick={() => setAsking(true)}
          >
            {words.accept}
          </button>
        )}
      </div>
      {isAsking && (
        <p class="ask" role="group" aria-label={words.accept}>
          {words.acceptSure}{" "}
          <button type="button" class="primary" onClick={() => void accept()}>{words.acceptYes}</button>{" "}
          <button type="button" onClick={() => setAsking(false)}>{words.cancel}</button>
        </p>
      )}
      <p role="status" class="soft">
        {told || (drift === undefined ? words.driftUnknown : drift.length === 0 ? words.driftNone : "")}
      </p>
      {drift?.slice(0, STEP).map((row) => (
        <div key={`${row.what} ${row.name}`} class="drift-row">
          <p>
            <span class={`tag is-${row.kind}`}>{words[row.kind]}</span> {words.what[row.what]}{" "}
            <b class="mono">
              <Text value={row.name} most={160} />
            </b>
            {accepts && row.what === "tool" && row.kind !== "removed" && (
              <button
                type="button"
                class="quiet"
                aria-label={words.acceptOneAbout(row.name.slice(0, 80))}
                onClick={() => void accept([row.name])}
              >
                {words.acceptOne}
              </button>
            )}
          </p>
          {row.diff !== undefined && row.diff.length > 0 && (
            <pre class="diff" tabIndex={0} role="region" aria-label={words.drift}>
              {row.diff.slice(0, 400).map((line, k) => (
                <span key={k} class={line.startsWith("+") ? "is-plus" : line.startsWith("-") ? "is-minus" : ""}>
                  <Text value={line} most={2000} />{"\n"}
                </span>
              ))}
            </pre>
          )}
        </div>
      ))}
    </section>
  );
}

function Offers({ server, tools }: { readonly server: ServerRow; readonly tools: readonly ToolRow[] }): JSX.Element {
  const [search, setSearch] = useState("");
  const [most, setMost] = useState(STEP);
  const wanted = search.trim().toLowerCase();
  const matching = wanted === ""
    ? tools
    : tools.filter(({ name, description = "" }) => `${name}\n${description}`.toLowerCase().includes(wanted));
  const sorted = KINDS.flatMap((kind) => matching.filter((tool) => tool.kind === kind));
  const shown = sorted.slice(0, most);
  const heaviest = tools.reduce((most, { tokens = 0 }) => Math.max(most, tokens), 1);
  return (
    <section class="block">
      <div class="block-head">
        <h2>{words.offers}</h2>
        <span class="soft num">{words.shown(matching.length, tools.length)}</span>
        {server.tokens !== undefined && <span class="soft">{words.offersCost(count(server.tokens))}</span>}
        <span class="grow"></span>
        {tools.length > 5 && (
          <input
            type="search"
            placeholder={words.search}
            aria-label={words.search}
            value={search}
            onInput={({ currentTarget }) => {
              setSearch(currentTarget.value);
              setMost(STEP);
            }}
          />
        )}
      </div>
      {tools.length === 0 && <p class="soft">{words.none}</p>}
      {tools.length > 0 && matching.length === 0 && <p class="soft">{words.noMatch}</p>}
      <div class={shown.length > 0 ? "tools" : ""}>
        {shown.map((tool) => <Tool key={`${tool.kind} ${tool.name}`} tool={tool} heaviest={heaviest} />)}
      </div>
      {sorted.length > most && (
        <button type="button" class="quiet" onClick={() => setMost(most + 5 * STEP)}>
          {STRINGS.json.next(Math.min(5 * STEP, sorted.length - most), sorted.length - most)}
        </button>
      )}
    </section>
  );
}

function Tool({ tool, heaviest }: { readonly tool: ToolRow; readonly heaviest: number }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="tool" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span class="tool-name mono">
          <Text value={tool.name} most={120} />
        </span>
        {tool.kind !== "tool" && <span class="tag">{words.kind[tool.kind]}</span>}
        <span class="tool-about">{tool.description !== undefined && <Text value={tool.description} most={240} />}</span>
        <span class="tool-tokens num" title={tool.tokens === undefined ? "" : words.offersCost(count(tool.tokens))}>
          {tool.tokens !== undefined && (
            <>
              <span class="meter" aria-hidden="true">
                <span style={{ width: `${Math.round(tool.tokens / heaviest * 100)}%` }}></span>
              </span>
              ≈ {count(tool.tokens)}
            </>
          )}
        </span>
        <span class="tool-calls num">{STRINGS.calls.total(tool.calls)}</span>
      </summary>
      {isOpen && (
        <div class="tool-more">
          {tool.description !== undefined && (
            <p class="prose">
              <LongText value={tool.description} first={2000} />
            </p>
          )}
          <Facts
            rows={[
              fact(words.hash, <Text class="mono" value={tool.hash} most={64} />),
              fact(words.first, moment(tool.first_seen)),
              fact(words.last, moment(tool.last_seen)),
              fact(words.errors, count(tool.errors)),
            ]}
          />
          {tool.definition !== undefined && <JsonView text={JSON.stringify(tool.definition)} tools />}
        </div>
      )}
    </details>
  );
}
