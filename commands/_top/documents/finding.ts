/**
 * A finding, as a document and as a part of one.
 *
 * @module
 */
import type { FindingRow } from "../../../pipeline/store/rows.ts";
import { clockCell, nameCell, severityLook } from "../cells.ts";
import type { DocumentSource, Node } from "../document.ts";
import { jsonNode } from "../json_nodes.ts";
import { piece } from "../line.ts";
import { fact, paragraph, section } from "./parts.ts";

/** The document. */
export function findingDocument(finding: FindingRow): DocumentSource {
  const { severity, rule, message, time, server_name, server, process, call } = finding;
  return {
    key: `finding ${finding.id}`,
    title: `finding ${finding.id}`,
    value: finding,
    build: (columns) => [
      { key: "what", pieces: [piece(severityLook(severity), severity), piece("strong", `  ${rule}`)] },
      ...paragraph("message", "plain", message, columns - 4),
      { key: "after", pieces: [] },
      fact("time", clockCell(time, 12)),
      ...(server_name === undefined ? [] : [fact("server", nameCell(server_name, server))]),
      ...(process === undefined ? [] : [fact("process", [piece("plain", `${process.name} [${process.pid}]`)])]),
      ...(call === undefined ? [] : [fact("call", [["plain", `${call}`], ["dim", "   c opens it"]])]),
      ...section("more", "What is known", insides(finding, columns), true),
    ],
  };
}

/** One line, that unfolds. */
export function findingNode(finding: FindingRow, columns: number): Node {
  const { id, severity, rule, message } = finding;
  return {
    key: `finding ${id}`,
    pieces: [piece(severityLook(severity), `! ${severity}`), piece("plain", `  ${message}`), piece("dim", `  ${rule}`)],
    children:
      () => [...paragraph(`finding ${id} message`, "plain", message, columns - 8), ...insides(finding, columns)],
    text: () => JSON.stringify(finding, undefined, 2),
  };
}

function insides(finding: FindingRow, columns: number): Node[] {
  const { id, evidence, details, references = [], detector, category, score, target } = finding;
  const key = `finding ${id}`;
  const about = [detector, category, target && `about ${target}`, score === undefined ? undefined : `score ${score}`]
    .filter(Boolean).join(" · ");
  return [
    ...(evidence === undefined ? [] : [
      {
        key: `${key} evidence`,
        pieces: [["dim", "evidence"]],
        open: true,
        children: () => paragraph(`${key} evidence`, "warn", evidence, columns - 10),
        text: () => evidence,
      } satisfies Node,
    ]),
    ...(about === "" ? [] : [{ key: `${key} about`, pieces: [piece("dim", about)] } satisfies Node]),
    ...(references.length === 0 ? [] : [
      {
        key: `${key} references`,
        pieces: [piece("dim", `see ${references.join(", ")}`)],
      } satisfies Node,
    ]),
    ...(details === undefined ? [] : [jsonNode(`${key} details`, "details", { ...details }, { columns, open: 1 })]),
  ];
}
