/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * Takes a text along.
 *
 * @module
 */
/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { STRINGS } from "../strings.ts";
import { Icon } from "./icon.tsx";

/** A button that copies. */
export function Copy({ text }: { readonly text: string }): JSX.Element {
  const [told, setTold] = useState("");
  return (
    <button
      type="button"
      class="quiet"
      onClick={async () => {
        setTold(
          await navigator.clipboard.writeText(text).then(() => STRINGS.copied, () => STRINGS.copyFailed),
        );
        setTimeout(() => setTold(""), 1500);
      }}
    >
      <Icon name="copy" />
      <span role="status">{told || STRINGS.copy}</span>
    </button>
  );
}
