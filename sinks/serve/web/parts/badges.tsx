/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * Small marks that mean the same everywhere.
 *
 * @module
 */
import type { ComponentChildren, JSX } from "preact";
import type { Severity } from "../../../../pipeline/event.ts";
import type { CallRow, ProcessRow } from "../../../../pipeline/store/rows.ts";
import { iso, moment } from "../format.ts";
import { STRINGS } from "../strings.ts";
import { Icon, type IconName } from "./icon.tsx";
import { Text } from "./text.tsx";

const SIGNS: Readonly<Record<keyof typeof STRINGS.outcome, IconName>> = {
  ok: "ok",
  tool_error: "error",
  error: "error",
  cancelled: "cancelled",
  hung: "hung",
  open: "open",
};

/** How a call ended; with `words`, not only for those who do not see the sign. */
export function OutcomeMark(
  { of, words = false }: { readonly of: CallRow["outcome"]; readonly words?: boolean },
): JSX.Element {
  const outcome = of !== undefined && of in STRINGS.outcome ? of : "open";
  return (
    <span class={`outcome is-${outcome}`} title={STRINGS.outcomeAbout[outcome]}>
      <Icon name={SIGNS[outcome]} />
      <span class={words ? "" : "unseen"}>{STRINGS.outcome[outcome]}</span>
    </span>
  );
}

/** How bad a finding is, with a number of them. */
export function SeverityMark({ of, many }: { readonly of: Severity; readonly many?: number }): JSX.Element {
  const known = of in STRINGS.severity ? of : "info";
  return (
    <span class={`severity is-${known}`}>
      {STRINGS.severity[known]}
      {many !== undefined && many > 1 && <span class="many">{many}</span>}
    </span>
  );
}

/** A process as `name pid`. */
export function Party(
  { process, name }: { readonly process?: ProcessRow | undefined; readonly name?: string | undefined },
): JSX.Element {
  return (
    <span class="party">
      <Text value={name ?? process?.name ?? STRINGS.unknown} most={80} />
      {process !== undefined && <span class="pid">{String(process.pid)}</span>}
    </span>
  );
}

/** A time, in full where one points at it. */
export function Time({ at, text }: { readonly at: number; readonly text: string }): JSX.Element {
  return <time dateTime={iso(at)} title={moment(at)}>{text}</time>;
}

/** A place that says why nothing is there. */
export function Empty(
  { title, children }: { readonly title: string; readonly children?: ComponentChildren },
): JSX.Element {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** What went wrong, and a way to try again. */
export function Failed({ error, retry }: { readonly error: unknown; readonly retry?: () => void }): JSX.Element {
  return (
    <div class="empty" role="alert">
      <p class="empty-title">{STRINGS.failed}</p>
      <p>
        <Text value={error instanceof Error ? error.message : String(error)} />
      </p>
      {retry && <button type="button" onClick={retry}>{STRINGS.retry}</button>}
    </div>
  );
}
