/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * JSON that can be folded and searched.
 *
 * @module
 */
/// <reference lib="dom" />
import { type ComponentChildren, createContext, type JSX } from "preact";
import { useContext, useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { count } from "../format.ts";
import { type Node, parseJson } from "../model/json.ts";
import { above, child, MOST_FOUND, type Place, search } from "../model/json_search.ts";
import { STRINGS } from "../strings.ts";
import { Icon } from "./icon.tsx";
import { LongText, Text } from "./text.tsx";

/** Open at first: so deep, and with so many members at most. */
const OPEN_DEPTH = 4, OPEN_MEMBERS = 40;
/** Members that are shown at first, and each time more are asked for. */
const STEP = 100;
/** Texts from this length on have lines of their own. */
const BLOCK = 120;

/** What the tree shows besides the values. */
interface Mood {
  readonly isOpen: (place: Place, node: Node, depth: number) => boolean;
  readonly turn: (place: Place, open: boolean) => void;
  readonly found: ReadonlySet<Place>;
  readonly current: Place | undefined;
}

const MoodContext = createContext<Mood>({ isOpen: () => true, turn() {}, found: new Set(), current: undefined });

function size(node: Node): number {
  return node.type === "object" ? node.members.length : node.type === "array" ? node.items.length : 0;
}

/** Whether a text may be JSON itself. */
function isJsonText(text: string): boolean {
  return text.length > 1 && text.length < 1_000_000 && /^\s*[[{]/.test(text) && /[\]}]\s*$/.test(text);
}

function StringValue({ value }: { readonly value: string }): JSX.Element {
  const inner = useMemo(() => isJsonText(value) ? parseJson(value) : undefined, [value]);
  const [isInner, setInner] = useState(false);
  const canOpen = inner?.node !== undefined && inner.end === undefined;
  const isBlock = value.length > BLOCK || value.includes("\n");
  return (
    <>
      {canOpen && (
        <button type="button" class="quiet" aria-pressed={isInner} onClick={() => setInner(!isInner)}>
          {isInner ? STRINGS.json.asText : STRINGS.json.inside}
        </button>
      )}
      {canOpen && isInner
        ? (
          <div class="json-inner">
            <JsonView text={value} />
          </div>
        )
        : (
          <span class={`json-string ${isBlock ? "is-block" : ""}`}>
            <LongText value={value} first={isBlock ? 2000 : 4000} />
          </span>
        )}
    </>
  );
}

function Value(
  { node, name, place, depth, last }: {
    readonly node: Node;
    readonly name?: string;
    readonly place: Place;
    readonly depth: number;
    readonly last: boolean;
  },
): JSX.Element {
  const mood = useContext(MoodContext);
  const [most, setMost] = useState(STEP);
  const many = size(node);
  const isOpen = many > 0 && mood.isOpen(place, node, depth);
  const label = name === undefined ? null : (
    <span class="json-name">
      <Text value={name} most={200} />
    </span>
  );
  const isCurrent = mood.current === place;
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isCurrent) line.current?.scrollIntoView({ block: "nearest" });
  }, [isCurrent]);
  // What is searched for may stand behind those that are shown.
  const needed = mood.current?.startsWith(place === "" ? "" : `${place}.`)
    ? Number(mood.current.slice(place === "" ? 0 : place.length + 1).split(".", 1)[0]) + 1
    : 0;
  const shown = Math.max(most, needed || 0);
  const wrap = (content: ComponentChildren) => (
    <div ref={line} class={`json-line ${mood.found.has(place) ? "is-found" : ""} ${isCurrent ? "is-current" : ""}`}>
      {content}
    </div>
  );
  const comma = last ? null : <span class="json-mark">,</span>;

  if (node.type === "string") {
    return wrap(
      <>
        {label}
        <StringValue value={node.value} />
        {comma}
      </>,
    );
  }
  if (node.type !== "object" && node.type !== "array") {
    return wrap(
      <>
        {label}
        <span class={`json-${node.type}`}>
          <LongText value={node.text} first={400} />
        </span>
        {comma}
      </>,
    );
  }
  const [open, shut] = node.type === "object" ? ["{", "}"] : ["[", "]"];
  const about = node.type === "object" ? STRINGS.json.members(many) : STRINGS.json.items(many);
  if (many === 0) {
    return wrap(
      <>
        {label}
        <span class="json-mark">{open}{shut}</span>
        {comma}
      </>,
    );
  }
  const entries = node.type === "object" ? node.members : node.items.map((value) => ({ name: undefined, value }));
  const children = entries.slice(0, isOpen ? shown : 0).map(({ name, value }, k) => (
    <Value
      key={k}
      node={value}
      {...(name === undefined ? {} : { name })}
      place={child(place, k)}
      depth={depth + 1}
      last={k === many - 1}
    />
  ));
  return (
    <>
      {wrap(
        <>
          <button
            type="button"
            class={`json-fold ${isOpen ? "is-open" : ""}`}
            aria-expanded={isOpen}
            aria-label={`${isOpen ? STRINGS.json.shut : STRINGS.json.open}: ${about}`}
            onClick={() => mood.turn(place, !isOpen)}
          >
            <Icon name="down" />
          </button>
          {label}
          <span class="json-mark">{open}</span>
          {!isOpen && (
            <>
              <span class="json-size">{about}</span>
              <span class="json-mark">{shut}</span>
              {comma}
            </>
          )}
        </>,
      )}
      {isOpen && (
        <>
          <div class="json-children">
            {children}
            {many > shown && (
              <button type="button" class="quiet" onClick={() => setMost(shown + 5 * STEP)}>
                {STRINGS.json.next(Math.min(5 * STEP, many - shown), many - shown)}
              </button>
            )}
          </div>
          <div class="json-line">
            <span class="json-mark">{shut}</span>
            {comma}
          </div>
        </>
      )}
    </>
  );
}

/** A text that should be JSON, as a tree; `tools`: with a field to search in it. */
export function JsonView({ text, tools = false }: { readonly text: string; readonly tools?: boolean }): JSX.Element {
  const { node, end } = useMemo(() => parseJson(text), [text]);
  const [turned, setTurned] = useState<ReadonlyMap<Place, boolean>>(new Map());
  const [all, setAll] = useState<boolean | undefined>(undefined);
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const found = useMemo(() => node === undefined ? [] : search(node, words), [node, words]);
  const current = found[at % Math.max(1, found.length)];
  const onTheWay = new Set(current === undefined ? [] : above(current));
  const mood: Mood = {
    isOpen: (place, node, depth) =>
      onTheWay.has(place) || (turned.get(place) ?? all ?? (depth < OPEN_DEPTH && size(node) <= OPEN_MEMBERS)),
    turn(place, open) {
      setTurned(new Map(turned).set(place, open));
      if (!open && onTheWay.has(place)) setWords("");
    },
    found: new Set(found),
    current,
  };
  const foldAll = (open: boolean) => {
    setAll(open ? true : undefined);
    setTurned(open ? new Map() : new Map([["", true], ...childrenOf(node)]));
  };
  return (
    <div class="json">
      {tools && (
        <div class="json-tools">
          <input
            id={id}
            type="search"
            class="json-search"
            placeholder={STRINGS.json.search}
            aria-label={STRINGS.json.search}
            value={words}
            onInput={({ currentTarget }) => {
              setWords(currentTarget.value);
              setAt(0);
            }}
            onKeyDown={(event) => {
              if (event.key === "Enter") {
                setAt((at + (event.shiftKey ? found.length - 1 : 1)) % Math.max(1, found.length));
              } else if (event.key === "Escape") {
                setWords("");
                event.currentTarget.blur();
              } else return;
              event.preventDefault();
              event.stopPropagation();
            }}
          />
          <span class="json-count" role="status">
            {words === ""
              ? null
              : found.length === 0
              ? STRINGS.json.notFound
              : STRINGS.json.found(at % found.length + 1, found.length, found.length === MOST_FOUND)}
          </span>
          <button type="button" class="quiet" onClick={() => foldAll(true)}>{STRINGS.json.expandAll}</button>
          <button type="button" class="quiet" onClick={() => foldAll(false)}>{STRINGS.json.collapseAll}</button>
        </div>
      )}
      <div class="json-tree mono" translate={false}>
        {node !== undefined && (
          <MoodContext.Provider value={mood}>
            <Value node={node} place="" depth={0} last />
          </MoodContext.Provider>
        )}
        {end !== undefined && (
          <div class="json-broken">
            <p>{STRINGS.json.broken(end)}</p>
            <LongText value={text.slice(end)} first={1000} />
          </div>
        )}
      </div>
    </div>
  );
}

function childrenOf(node: Node | undefined): readonly (readonly [Place, boolean])[] {
  return Array.from({ length: node === undefined ? 0 : size(node) }, (_, k) => [child("", k), false] as const);
}

/** A number of things for a heading. */
export function Many({ of }: { readonly of: number }): JSX.Element {
  return <span class="many">{count(of)}</span>;
}
