/**
 * A server with what it offers, as a document.
 *
 * @module
 */
import type { DriftRow, ServerDetail } from "../../../pipeline/feed/feed.ts";
import type { ToolRow } from "../../../pipeline/store/rows.ts";
import { clock, count, plural } from "../../../sinks/console/units.ts";
import { nameCell } from "../cells.ts";
import type { DocumentSource, Node } from "../document.ts";
import { jsonNode } from "../json_nodes.ts";
import { type Look, type Piece, piece } from "../line.ts";
import { fact, paragraph, section } from "./parts.ts";

const KINDS: readonly (readonly [kind: ToolRow["kind"], title: string])[] = [
  ["tool", "Tools"],
  ["prompt", "Prompts"],
  ["resource", "Resources"],
  ["resource_template", "Resource templates"],
];

/** The document. */
export function serverDocument(detail: ServerDetail): DocumentSource {
  const { server, tools, drift = [] } = detail;
  return {
    key: `server ${server.key}`,
    title: `server ${server.name}`,
    value: detail,
    build: (columns) => [
      { key: "what", pieces: [...nameCell(server.name, server.key), piece("dim", `  ${server.version ?? ""}`)] },
      ...facts(detail),
      ...section("drift", "Not as accepted", drift.map((row, i) => driftNode(row, i)), true),
      ...(server.instructions === undefined ? [] : section(
        "instructions",
        "Instructions",
        paragraph("instructions", "plain", server.instructions, columns - 6),
        false,
      )),
      ...KINDS.flatMap(([kind, title]) => {
        const list = tools.filter((tool) => tool.kind === kind);
        return section(kind, title, list.map((tool) => toolNode(tool, columns)), kind === "tool");
      }),
    ],
  };
}

function facts({ server }: ServerDetail): Node[] {
  const { transport, address, remote, eras, process, package: from, executable_hash, calls, errors, findings } = server;
  const time = clock();
  const over = [transport, address, remote ? "on another machine" : undefined, ...eras].filter(Boolean).join(" · ");
  return [
    fact("over", [piece("plain", over)]),
    ...(process === undefined ? [] : [
      fact("process", [piece("plain", `${process.name} [${process.pid}]`), piece("dim", `  ${process.exe ?? ""}`)]),
    ]),
    ...(from === undefined ? [] : [fact("package", [piece("plain", from)])]),
    ...(executable_hash === undefined ? [] : [fact("sha-256", [piece("dim", executable_hash)])]),
    fact("calls", [
      ["plain", count(calls)],
      [errors > 0 ? "bad" : "dim", `, ${plural(errors, "error")}`],
      [findings > 0 ? "warn" : "dim", `, ${plural(findings, "finding")}`],
    ]),
    ...(server.tokens === undefined ? [] : [
      fact("context", [["plain", plural(server.tokens, "token")], ["dim", " for all that it offers"]]),
    ]),
    fact("seen", [["plain", `${time(server.first_seen)} to ${time(server.last_seen)}`]]),
  ];
}

const DRIFT: Readonly<Record<DriftRow["kind"], readonly [look: Look, sign: string]>> = {
  added: ["good", "+"],
  removed: ["bad", "-"],
  changed: ["warn", "~"],
};

function driftNode({ kind, what, name, diff }: DriftRow, i: number): Node {
  const [look, sign] = DRIFT[kind];
  return {
    key: `drift ${i}`,
    pieces: [[look, `${sign} ${kind} `], piece("dim", `${what} `), piece("plain", name)],
    ...(diff === undefined || diff.length === 0 ? {} : {
      open: true,
      children: () => diff.map((line, k): Node => ({ key: `drift ${i} ${k}`, pieces: [piece(diffLook(line), line)] })),
    }),
  };
}

function diffLook(line: string): Look {
  return line.startsWith("+") ? "good" : line.startsWith("-") ? "bad" : "dim";
}

function toolNode({ kind, name, description = "", definition, tokens, calls, errors }: ToolRow, columns: number): Node {
  const key = `${kind} ${name}`;
  const used: Piece[] = calls === 0 ? [] : [["plain", `  ${plural(calls, "call")}`]];
  if (errors > 0) used.push(["bad", `, ${plural(errors, "error")}`]);
  return {
    key,
    pieces: [
      piece("strong", name),
      ["dim", tokens === undefined ? "" : `  ${plural(tokens, "token")}`],
      ...used,
      piece("dim", description === "" ? "" : `  ${description}`),
    ],
    children: () => [
      ...(description === "" ? [] : paragraph(`${key} description`, "plain", description, columns - 8)),
      ...(definition === undefined
        ? []
        : [jsonNode(`${key} definition`, "definition", definition, { columns, open: 1 })]),
    ],
    ...(definition === undefined ? {} : { text: () => JSON.stringify(definition, undefined, 2) }),
  };
}
