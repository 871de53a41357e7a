/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * Names and values.
 *
 * @module
 */
import type { ComponentChildren, JSX } from "preact";

/** A name with its value. */
export interface Fact {
  readonly name: string;
  readonly value: ComponentChildren;
}

/** A fact; undefined where there is no value. */
export function fact(name: string, value: ComponentChildren): Fact | undefined {
  return value === undefined || value === false || value === "" ? undefined : { name, value };
}

/** A list of them. */
export function Facts({ rows }: { readonly rows: readonly (Fact | undefined)[] }): JSX.Element {
  return (
    <dl class="facts">
      {rows.map((row) =>
        row && (
          <div key={row.name}>
            <dt>{row.name}</dt>
            <dd>{row.value}</dd>
          </div>
        )
      )}
    </dl>
  );
}
