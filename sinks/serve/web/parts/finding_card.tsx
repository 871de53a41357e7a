/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * What a detector concluded.
 *
 * @module
 */
import type { JSX } from "preact";
import type { FindingRow } from "../../../../pipeline/store/rows.ts";
import { clock, percent } from "../format.ts";
import { printRoute } from "../route.ts";
import { STRINGS } from "../strings.ts";
import { Party, SeverityMark, Time } from "./badges.tsx";
import { type Fact, fact, Facts } from "./facts.tsx";
import { JsonView } from "./json_view.tsx";
import { LongText, Text } from "./text.tsx";

const { findings: words } = STRINGS;

/** The finding; `brief`: where its call is shown already. */
export function FindingCard(
  { finding, brief = false }: { readonly finding: FindingRow; readonly brief?: boolean },
): JSX.Element {
  const { severity, message, rule, evidence, details, references = [] } = finding;
  return (
    <article class={`finding is-${severity in STRINGS.severity ? severity : "info"}`}>
      <header>
        <SeverityMark of={severity} />
        <span class="mono rule">
          <Text value={rule} most={120} />
        </span>
        <span class="grow"></span>
        <span class="soft mono">
          <Time at={finding.time} text={clock(finding.time)} />
        </span>
      </header>
      <p class="finding-text">
        <LongText value={message} first={600} />
      </p>
      {evidence !== undefined && (
        <figure>
          <figcaption class="unseen">{words.evidence}</figcaption>
          <blockquote class="evidence mono">
            <LongText value={evidence} first={800} />
          </blockquote>
        </figure>
      )}
      <Facts rows={facts(finding, brief)} />
      {(details !== undefined && Object.keys(details).length > 0 || references.length > 0) && (
        <div class="finding-more">
          {references.map((name) => (
            <span key={name} class="tag">
              <Text value={name} most={80} />
            </span>
          ))}
          {details !== undefined && Object.keys(details).length > 0 && (
            <details class="fold">
              <summary>{words.details}</summary>
              <JsonView text={JSON.stringify(details)} />
            </details>
          )}
        </div>
      )}
    </article>
  );
}

function facts(finding: FindingRow, brief: boolean): readonly (Fact | undefined)[] {
  const { server, server_name, call, score, target, process } = finding;
  const known: Readonly<Record<string, string>> = STRINGS.target;
  const ofCall = !brief && call !== undefined && (
    <a href={printRoute({ view: "calls", item: String(call) })} class="mono">#{String(call)}</a>
  );
  const ofServer = !brief && server !== undefined && (
    <a href={printRoute({ view: "servers", item: server })}>
      <Text value={server_name ?? server} most={80} />
    </a>
  );
  return [
    fact(words.call, ofCall),
    fact(words.server, ofServer),
    fact(words.process, !brief && process !== undefined && <Party process={process} />),
    fact(words.target, target !== undefined && <Text value={known[target] ?? target} most={60} />),
    fact(words.score, score !== undefined && percent(score)),
  ];
}
