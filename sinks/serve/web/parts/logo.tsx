/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * The sign: a probe in a stream.
 *
 * @module
 */
import type { JSX } from "preact";

/** The sign. */
export function Logo(): JSX.Element {
  return (
    <svg class="logo" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
      <path class="logo-stream" d="M2 15c3.3 0 3.3-3 6.6-3s3.4 3 6.7 3S18.700 12 22 12" />
      <path class="logo-probe" d="M12 2v8.500" />
      <circle class="logo-tip" cx="12" cy="13.500" r="3" />
    </svg>
  );
}
