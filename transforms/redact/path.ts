/**
 * Dotted paths to values: `params.arguments.*.password`, `result.**.text`, `result.content[0].text`.
 *
 * @module
 */

/** A member's name, an index, `*` for any one, `**` for any number of them. */
type Step = string | number | typeof ANY | typeof DEEP;
const ANY = Symbol("*"), DEEP = Symbol("**");

/** Most steps of a path: places in it are bits. */
const MOST_STEPS = 30;

/** What cannot be a path; the message says why. */
export class PathError extends Error {
  override readonly name = "PathError";
}

/** Where in a path a walk may be: bit k says that k steps are behind it. 0: nowhere. */
export type Places = number;

/** A compiled path. */
export class DottedPath {
  readonly #steps: readonly Step[];

  /** @throws {PathError} if the text is no path. */
  constructor(text: string) {
    this.#steps = parse(text);
    if (this.#steps.length > MOST_STEPS) throw new PathError(`expected a path of at most ${MOST_STEPS} steps`);
  }

  /** Where a walk starts. */
  get start(): Places {
    return this.#rest(1);
  }

  /** Where a walk is after a member of this name or an element of this index. */
  step(places: Places, key: string | number): Places {
    let next = 0;
    for (let k = 0, left = places; left !== 0; k++, left >>>= 1) {
      if ((left & 1) === 0) continue;
      const step = this.#steps[k];
      if (step === DEEP) next |= 1 << k;
      else if (step === ANY || step === key) next |= 2 << k;
    }
    return next === 0 ? 0 : this.#rest(next);
  }

  /** True if a walk at these places has come to the end. */
  ends(places: Places): boolean {
    return (places & (1 << this.#steps.length)) !== 0;
  }

  /** The longest name in it, if there is one: what it points at holds it. */
  get literal(): string | undefined {
    const names = this.#steps.filter((step) => typeof step === "string");
    return names.reduce<string | undefined>((a, b) => a !== undefined && a.length >= b.length ? a : b, undefined);
  }

  /** `**` may stand for nothing. */
  #rest(places: Places): Places {
    for (let k = 0; k < this.#steps.length; k++) {
      if ((places & (1 << k)) !== 0 && this.#steps[k] === DEEP) places |= 2 << k;
    }
    return places;
  }
}

const PIECE = /(\*\*|\*)(?=[.[]|$)|([^.[\]"'*\s]+)|\[(?:(\d{1,9})|(\*)|"([^"]*)"|'([^']*)')\]/y;

function parse(text: string): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < text.length;) {
    if (text[at] === "." && steps.length > 0) at++;
    PIECE.lastIndex = at;
    const match = PIECE.exec(text);
    if (match === null) throw new PathError(`expected a path such as params.arguments.*.name, got ${quoted(text, at)}`);
    const [piece, stars, name, index, any, double, single] = match;
    if (stars !== undefined) steps.push(stars === "*" ? ANY : DEEP);
    else if (any !== undefined) steps.push(ANY);
    else if (index !== undefined) steps.push(Number(index));
    else steps.push(name ?? double ?? single ?? "");
    at += piece.length;
    if (at < text.length && text[at] !== "." && text[at] !== "[") {
      throw new PathError(`expected . or [ in the path, got ${quoted(text, at)}`);
    }
    if (text[at] === "." && at === text.length - 1) {
      throw new PathError("expected a name after the last dot of the path");
    }
  }
  return steps;
}

function quoted(text: string, at: number): string {
  return at >= text.length ? "its end" : `${JSON.stringify(text.slice(at, at + 12))} at character ${at + 1}`;
}
