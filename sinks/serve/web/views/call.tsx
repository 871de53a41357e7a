/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * One call with all that belongs to it.
 *
 * @module
 */
/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { CallDetail } from "../../../../pipeline/feed/feed.ts";
import type { CallRow, HttpRow, MessageRow } from "../../../../pipeline/store/rows.ts";
import { api, ApiError } from "../api.ts";
import { bytes, clock, count, duration, moment } from "../format.ts";
import { countRedactions } from "../model/segments.ts";
import { Empty, Failed, OutcomeMark, Party } from "../parts/badges.tsx";
import { Copy } from "../parts/copy.tsx";
import { type Fact, fact, Facts } from "../parts/facts.tsx";
import { FindingCard } from "../parts/finding_card.tsx";
import { Icon } from "../parts/icon.tsx";
import { JsonView } from "../parts/json_view.tsx";
import { Text } from "../parts/text.tsx";
import { TimelineView } from "../parts/timeline_view.tsx";
import { open, printRoute } from "../route.ts";
import { STRINGS } from "../strings.ts";
import { useKeys, useLoad } from "../use.ts";

const { call: words } = STRINGS;

/** The panel. `newer`: the row as it is now; `step` opens the one below or above. */
export function CallPanel(
  { id, step, newer }: {
    readonly id: number;
    readonly step: (by: number) => void;
    readonly newer: CallRow | undefined;
  },
): JSX.Element {
  const state = newer === undefined ? "" : `${newer.outcome}/${newer.requests}/${newer.progress}/${newer.findings}`;
  const shown = useRef(state);
  const { value, error, reload } = useLoad<CallDetail>((signal) => api.call(id, signal), [id]);
  useEffect(() => {
    if (shown.current !== state && value !== undefined) reload();
    shown.current = state;
  }, [state]);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.scrollTo({ top: 0 });
  }, [id]);
  const shut = () => open(undefined);
  useKeys({
    Escape: shut,
    "s": () => {
      const field = panel.current?.querySelector<HTMLInputElement>(".json-search");
      if (!field) return false;
      field.focus();
      return true;
    },
  });
  return (
    <aside ref={panel} class="item-side" aria-label={words.label} tabIndex={-1}>
      <div class="item-bar">
        <button type="button" class="bare only-narrow" onClick={shut} aria-label={words.back}>
          <Icon name="back" />
        </button>
        <span class="item-id mono">#{String(id)}</span>
        <span class="grow"></span>
        <button type="button" class="bare" onClick={() => step(-1)} aria-label={words.previous} title={words.previous}>
          <Icon name="up" />
        </button>
        <button type="button" class="bare" onClick={() => step(1)} aria-label={words.next} title={words.next}>
          <Icon name="down" />
        </button>
        <button type="button" class="bare not-narrow" onClick={shut} aria-label={STRINGS.close} title={STRINGS.close}>
          <Icon name="close" />
        </button>
      </div>
      {value !== undefined
        ? <Detail detail={value} />
        : error instanceof ApiError && error.status === 404
        ? <Empty title={words.gone} />
        : error !== undefined
        ? <Failed error={error} retry={reload} />
        : <p class="loading">{STRINGS.loading}</p>}
    </aside>
  );
}

function Detail({ detail }: { readonly detail: CallDetail }): JSX.Element {
  const { call, messages, findings, http } = detail;
  return (
    <div class="item">
      <header class="item-head">
        <p class="over mono">
          <Text value={call.method} most={120} />
        </p>
        <h2>
          <Text value={call.name ?? call.method} most={300} />
        </h2>
        <p class="under">
          <OutcomeMark of={call.outcome} words />
          {call.error_code !== undefined && <span class="mono">{String(call.error_code)}</span>}
          {call.duration_ms !== undefined && <span class="num">{duration(call.duration_ms)}</span>}
          <span>
            <Party process={call.client} name={call.client_name} /> <span aria-hidden="true">→</span>{" "}
            <a href={printRoute({ view: "servers", item: call.server })}>
              <Party process={call.server_process} name={call.server_name} />
            </a>
          </span>
        </p>
      </header>
      {findings.length > 0 && (
        <section aria-label={words.findings} class="stack">
          {findings.map((finding) => <FindingCard key={finding.id} finding={finding} brief />)}
        </section>
      )}
      <TimelineView detail={detail} />
      <Messages call={call} messages={messages} />
      {http.length > 0 && (
        <section class="block">
          <h3>{words.http}</h3>
          {http.map((row) => <Exchange key={row.id} row={row} />)}
        </section>
      )}
      <section class="block">
        <h3>{words.facts}</h3>
        <Facts rows={facts(call)} />
      </section>
    </div>
  );
}

function facts(call: CallRow): readonly (Fact | undefined)[] {
  const { era, duration_ms, server_ms, human_ms = 0, error_code, tokens_in, tokens_out, requests, progress } = call;
  const hasTokens = tokens_in !== undefined || tokens_out !== undefined;
  return [
    fact(words.started, moment(call.time)),
    fact(words.client, <Party process={call.client} name={call.client_name} />),
    fact(words.server, <Party process={call.server_process} name={call.server_name} />),
    fact(words.transport, <Text value={call.transport} />),
    fact(words.era, era !== undefined && <Text value={era} most={60} />),
    fact(words.session, String(call.session)),
    fact(words.duration, duration_ms !== undefined && duration(duration_ms)),
    fact(words.serverTime, server_ms !== undefined && duration(server_ms)),
    fact(words.humanTime, human_ms > 0 && duration(human_ms)),
    fact(words.errorCode, error_code !== undefined && String(error_code)),
    fact(words.bytes, words.bytesText(bytes(call.bytes_in), bytes(call.bytes_out))),
    fact(words.tokens, hasTokens && words.tokensText(count(tokens_in ?? 0), count(tokens_out ?? 0))),
    fact(words.requests, requests > 1 && count(requests)),
    fact(words.progress, progress > 0 && count(progress)),
    fact(words.task, call.task_id !== undefined && <Text value={call.task_id} most={120} />),
    fact(words.trace, call.trace_id !== undefined && <Text class="mono" value={call.trace_id} most={64} />),
  ];
}

/** First request and last response side by side; the messages between them below. */
function Messages(
  { call, messages }: { readonly call: CallRow; readonly messages: readonly MessageRow[] },
): JSX.Element {
  const request = messages.find(({ type, method }) => type === "request" && method === call.method) ??
    messages.find(({ type }) => type === "request");
  const response = messages.findLast(({ type }) => type === "response");
  const others = messages.filter((message) => message !== request && message !== response);
  return (
    <section class="block" aria-label={words.messages}>
      <div class="pair">
        {request === undefined
          ? <Missing title={words.request} text={words.noRequest} />
          : <Message title={words.request} row={request} />}
        {response === undefined
          ? (
            <Missing
              title={words.response}
              text={call.outcome === undefined ? words.noResponse : words.noResponseEver}
            />
          )
          : <Message title={words.response} row={response} />}
      </div>
      {others.length > 0 && (
        <div class="stack others">
          {others.map((row) => (
            <details key={row.id} class="fold">
              <summary>
                <span>{words[row.type]}</span>{" "}
                {row.method !== undefined && <Text class="mono" value={row.method} most={80} />}
                {row.sender !== undefined && <span class="soft">{words.from(row.sender)}</span>}
                <span class="soft mono">{clock(row.time)}</span>
              </summary>
              <Message title={words[row.type]} row={row} />
            </details>
          ))}
        </div>
      )}
    </section>
  );
}

function Missing({ title, text }: { readonly title: string; readonly text: string }): JSX.Element {
  return (
    <div class="message">
      <div class="message-head">
        <h3>{title}</h3>
      </div>
      <p class="soft message-none">{text}</p>
    </div>
  );
}

function Message({ title, row }: { readonly title: string; readonly row: MessageRow }): JSX.Element {
  const hidden = row.text === undefined ? 0 : countRedactions(row.text);
  return (
    <div class="message">
      <div class="message-head">
        <h3>{title}</h3>
        <span class="soft num">{bytes(row.bytes)}</span>
        {hidden > 0 && <mark class="redacted">{words.redactions(hidden)}</mark>}
        {row.malformed !== undefined && (
          <span class="warning">
            <Text value={row.malformed} most={120} />
          </span>
        )}
        {row.warnings?.map((warning) => (
          <span key={warning} class="warning">
            <Text value={warning} most={60} />
          </span>
        ))}
        <span class="grow"></span>
        {row.text !== undefined && <Copy text={row.text} />}
      </div>
      {row.text === undefined ? <p class="soft message-none">{words.noText}</p> : <JsonView text={row.text} tools />}
      {row.text_cut && <p class="soft message-none">{words.cut}</p>}
    </div>
  );
}

function Exchange({ row }: { readonly row: HttpRow }): JSX.Element {
  return (
    <details class="fold" open>
      <summary>
        <span class="mono">
          <Text value={`${row.method} ${row.authority ?? ""}${row.target}`} most={300} />
        </span>
        {row.status !== undefined && (
          <span class={`status ${row.status >= 400 ? "is-bad" : ""}`}>{String(row.status)}</span>
        )}
        <span class="soft">
          HTTP/{row.version}
          {row.tls !== undefined && (
            <>
              , <Text value={row.tls} most={30} />
            </>
          )}
        </span>
        {row.duration_ms !== undefined && <span class="soft num">{duration(row.duration_ms)}</span>}
        {row.incomplete !== undefined && (
          <span class="warning">
            <Text value={row.incomplete} most={40} />
          </span>
        )}
      </summary>
      <div class="pair">
        <Headers title={words.requestHeaders} headers={row.request_headers} />
        <Headers title={words.responseHeaders} headers={row.response_headers} />
      </div>
    </details>
  );
}

function Headers(
  { title, headers }: { readonly title: string; readonly headers: HttpRow["request_headers"] },
): JSX.Element {
  return (
    <div class="message">
      <div class="message-head">
        <h4>{title}</h4>
      </div>
      {headers.length === 0 ? <p class="soft message-none">{words.noHeaders}</p> : (
        <dl class="headers mono">
          {headers.map(([name, value], k) => (
            <div key={k}>
              <dt>
                <Text value={name} most={120} />
              </dt>
              <dd>
                <Text value={value} most={2000} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
