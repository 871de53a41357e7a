/** Titles of table-driven tests, by vitest's rules: printf marks, `%#` (index), `%$` (number) and `$key.path`. */

/** A row of `each` as the arguments of the test. */
export function argumentsOf(row: unknown): readonly unknown[] {
  return Array.isArray(row) ? row : [row];
}

/** Fills a row into a title. */
export function titleOf(template: string, row: unknown, index: number): string {
  const values = argumentsOf(row);
  let next = 0;
  const text = template.replace(/%[sdifjoOc#$%]/g, (mark) => {
    if (mark === "%%") return "%";
    if (mark === "%#") return String(index);
    if (mark === "%$") return String(index + 1);
    if (next >= values.length) return mark;
    return show(mark, values[next++]);
  });
  const first = values[0];
  if (typeof first !== "object" || first === null) return text;
  return text.replace(/\$([\w$]+(?:\.[\w$]+)*)/g, (whole, keys: string) => {
    const value = keys.split(".").reduce<unknown>(
      (at, key) => (at as Record<string, unknown> | undefined)?.[key],
      first,
    );
    return value === undefined ? whole : typeof value === "string" ? value : show("%o", value);
  });
}

function show(mark: string, value: unknown): string {
  switch (mark) {
    case "%d":
      return String(Number(value));
    case "%i":
      return String(Math.trunc(Number(value)));
    case "%f":
      return String(parseFloat(String(value)));
    case "%s":
      return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
    case "%c":
      return "";
    default:
      return JSON.stringify(value) ?? String(value);
  }
}
