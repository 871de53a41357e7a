/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * Text of others: never anything but text.
 *
 * @module
 */
import type { ComponentChild, JSX } from "preact";
import { useState } from "preact/hooks";
import { cut, type Segment, segments } from "../model/segments.ts";
import { STRINGS } from "../strings.ts";

/** So much of a text is shown on one line, in UTF-16 units. */
const LINE = 400;
/** So much of a long text is shown at first, and each time more is asked for. */
const FIRST = 4000, STEP = 40_000;

function piece(part: Segment, key: number): ComponentChild {
  switch (part.kind) {
    case "plain":
      return part.text;
    case "hidden":
      return <span key={key} class="hidden-char" title={STRINGS.hidden(part.code)}>{part.text}</span>;
    case "redacted": {
      const about = part.hash === undefined ? STRINGS.redacted(part.of) : STRINGS.redactedHash(part.of, part.hash);
      return <mark key={key} class="redacted" title={about}>{part.text}</mark>;
    }
  }
}

/** The pieces as elements. */
export function pieces(text: string, lines = false): readonly ComponentChild[] {
  return segments(text, lines).map(piece);
}

/** One line, cut. */
export function Text(
  { value, most = LINE, class: name = "" }: {
    readonly value: string;
    readonly most?: number;
    readonly class?: string;
  },
): JSX.Element {
  return <span class={`text ${name}`}>{pieces(cut(value, most))}{value.length > most ? "…" : null}</span>;
}

/** As long as it is, in steps that are asked for. */
export function LongText(
  { value, class: name = "", first = FIRST }: {
    readonly value: string;
    readonly class?: string;
    readonly first?: number;
  },
): JSX.Element {
  const [most, setMost] = useState(first);
  const shown = cut(value, most);
  return (
    <span class={`text long ${name}`}>
      {pieces(shown, true)}
      {shown.length < value.length && (
        <button type="button" class="quiet" onClick={() => setMost(most + STEP)}>
          {STRINGS.moreText(value.length - shown.length)}
        </button>
      )}
    </span>
  );
}
