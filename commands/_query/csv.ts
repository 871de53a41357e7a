/**
 * Rows as comma-separated values (RFC 4180).
 *
 * @module
 */

/** Spreadsheets take what begins so for a formula, and peers choose what stands in cells. */
const FORMULA = /^[=+\-@\t\r]/;
const QUOTED = /[",\r\n]/;

/** A line with its line break. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(cell).join(",")}\r\n`;
}

/** A row's members under their names; what is made of several is given a column for each, as `client.pid`. */
export function flat(row: object, prefix = ""): Map<string, unknown> {
  const out = new Map<string, unknown>();
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === "object" && value !== null && !Array.isArray(value) && PARTS.has(name)) {
      for (const [inner, of] of flat(value as object, `${prefix}${name}.`)) out.set(inner, of);
    } else out.set(prefix + name, value);
  }
  return out;
}

/** Members that are made of several. */
const PARTS: ReadonlySet<string> = new Set(["client", "server_process", "process", "from", "to"]);

function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
