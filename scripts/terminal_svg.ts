/**
 * Draws what a program printed on a terminal as an SVG: reads text with colours on standard input, writes the picture.
 *
 * `FORCE_COLOR=1 COLUMNS=110 ./mcpsonde demo 2>&1 | deno run --no-lock scripts/terminal_svg.ts > docs/demo.svg`
 *
 * @module
 */
import stringWidth from "string-width";

/** A run of characters in one style, at a column. */
interface Run {
  readonly column: number;
  readonly text: string;
  readonly style: Style;
}

interface Style {
  readonly colour: string | undefined;
  readonly isBold: boolean;
  readonly isDim: boolean;
  /** Foreground and background change places. */
  readonly isReverse: boolean;
}

const PLAIN: Style = { colour: undefined, isBold: false, isDim: false, isReverse: false };
const BACKGROUND = "#0d1117", FOREGROUND = "#d7dde4", FRAME = "#30363d";
/** By SGR code; 90 to 97 are the bright ones. */
const COLOURS: Readonly<Record<number, string>> = {
  31: "#ff7b72",
  32: "#56d364",
  33: "#e3b341",
  34: "#6ca4f8",
  35: "#d2a8ff",
  36: "#39c5cf",
  90: "#8b949e",
  91: "#ffa198",
  92: "#7ee787",
  93: "#f2cc60",
  94: "#79c0ff",
  95: "#e2c5ff",
  96: "#76e3ea",
};

/** Pixels. */
const CELL = { width: 7.8, height: 18 }, PADDING = 16, BAR = 30, FONT_SIZE = 13;

/** Splits a line with SGR sequences into runs. */
export function runs(line: string): Run[] {
  const out: Run[] = [];
  let style = PLAIN, column = 0;
  // deno-lint-ignore no-control-regex
  for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
    // deno-lint-ignore no-control-regex
    const codes = /^\x1b\[([\d;]*)m$/.exec(part)?.[1];
    if (codes !== undefined) {
      for (const code of codes.split(";")) style = styled(style, Number(code));
    } else if (part !== "") {
      out.push({ column, text: part, style });
      column += stringWidth(part);
    }
  }
  return out;
}

function styled(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, isBold: true };
  if (code === 2) return { ...style, isDim: true };
  if (code === 22) return { ...style, isBold: false, isDim: false };
  if (code === 7 || code === 27) return { ...style, isReverse: code === 7 };
  if (code === 39) return { ...style, colour: undefined };
  return { ...style, colour: COLOURS[code] ?? style.colour };
}

/** The picture. Every run is placed by its column, so that columns align in any monospaced font. */
export function terminalSvg(text: string, title: string): string {
  const lines = text.replace(/\n+$/, "").split("\n").map(runs);
  const columns = Math.max(
    ...lines.map((line) => line.reduce((end, run) => Math.max(end, run.column + stringWidth(run.text)), 0)),
  );
  const width = Math.ceil(columns * CELL.width + 2 * PADDING);
  const height = Math.ceil(lines.length * CELL.height + BAR + 1.5 * PADDING);
  const body = lines.map((line, row) => {
    const y = BAR + PADDING / 2 + (row + 0.75) * CELL.height;
    return line.filter(({ style }) => style.isReverse).map((run) => ground(run, y)).join("") +
      line.flatMap(words).map((run) => spanOf(run, y)).join("");
  }).filter((line) => line !== "").join("\n");
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map((colour, i) =>
    `<circle cx="${PADDING + 4 + i * 18}" cy="${BAR / 2}" r="5.5" fill="${colour}"/>`
  ).join("");
  return `<!-- deno-fmt-ignore-file: made by scripts/terminal_svg.ts -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${
    escape(title)
  }">
<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}" stroke="${FRAME}"/>
${dots}<text x="${width / 2}" y="${
    BAR / 2 + 4
  }" text-anchor="middle" fill="#8b949e" font-family="system-ui, sans-serif" font-size="12">${escape(title)}</text>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT_SIZE}" fill="${FOREGROUND}" xml:space="preserve">
${body}
</g>
</svg>
`;
}

/** A run without its blanks: renderers make one of several, and would stretch the rest. */
function words({ column, text, style }: Run): Run[] {
  const out: Run[] = [];
  for (const part of text.split(/( {2,})/)) {
    if (part.trim() !== "") out.push({ column, text: part, style });
    column += stringWidth(part);
  }
  return out;
}

/** What a run in reverse stands on. */
function ground({ column, text, style }: Run, y: number): string {
  const x = round(PADDING + column * CELL.width), top = round(y - 0.75 * CELL.height);
  const width = round(stringWidth(text) * CELL.width);
  return `<rect x="${x}" y="${top}" width="${width}" height="${CELL.height}" fill="${style.colour ?? FOREGROUND}"/>`;
}

function spanOf({ column, text, style }: Run, y: number): string {
  const lead = text.length - text.trimStart().length;
  const shown = text.trim();
  const attributes = [
    `x="${round(PADDING + (column + lead) * CELL.width)}"`,
    `y="${round(y)}"`,
    `textLength="${round(stringWidth(shown) * CELL.width)}"`,
    ...(style.isReverse ? [`fill="${BACKGROUND}"`] : style.colour === undefined ? [] : [`fill="${style.colour}"`]),
    ...(style.isBold ? [`font-weight="bold"`] : []),
    ...(style.isDim ? [`opacity="0.6"`] : []),
  ];
  return `<text ${attributes.join(" ")}>${escape(shown)}</text>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

if (import.meta.main) {
  const text = await new Response(Deno.stdin.readable).text();
  await Deno.stdout.write(new TextEncoder().encode(terminalSvg(text, Deno.args[0] ?? "mcpsonde")));
}
