/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * Where a filter is written: with suggestions, and mistakes shown where they stand.
 *
 * @module
 */
/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { api, type FieldInfo, type Problem } from "../api.ts";
import { complete } from "../model/complete.ts";
import { query, setParam } from "../route.ts";
import { STRINGS } from "../strings.ts";
import { useKeys, useLoad } from "../use.ts";
import { Icon } from "./icon.tsx";
import { Text } from "./text.tsx";

/** So long after the last key a filter is tried, in milliseconds. */
const TRY_AFTER = 350;

/** A text in which mistakes are underlined, as it lies behind the text that is written. */
function Underlined({ text, problems }: { readonly text: string; readonly problems: readonly Problem[] }): JSX.Element {
  const parts: JSX.Element[] = [];
  let at = 0;
  for (const { start, end } of problems) {
    if (start < at) continue;
    parts.push(<span key={`t${start}`}>{text.slice(at, start)}</span>);
    parts.push(
      <span key={`p${start}`} class="mistake">{text.slice(start, Math.max(end, start + 1)) || "\u00a0"}</span>,
    );
    at = Math.max(end, start + 1);
  }
  return (
    <>
      {parts}
      <span>{text.slice(at)}</span>
    </>
  );
}

/** The filter of the view; it takes effect when it can be read. */
export function FilterBox(
  { known = {} }: { readonly known?: Readonly<Record<string, readonly string[]>> },
): JSX.Element {
  const input = useRef<HTMLInputElement>(null), behind = useRef<HTMLDivElement>(null);
  const [text, setText] = useState(query.value);
  const [caret, setCaret] = useState(0);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [words, setWords] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const id = useId();
  const fields = useLoad<readonly FieldInfo[]>(() => api.fields(), []).value ?? [];
  const suggestions = isOpen ? complete(text, caret, fields, known) : [];

  useKeys({
    "/": () => {
      input.current?.focus();
      input.current?.select();
    },
  });

  // The address may change without us: back, a link.
  useEffect(() => {
    if (query.value !== text && document.activeElement !== input.current) setText(query.value);
  }, [query.value]);

  useEffect(() => {
    if (text.trim() === "") {
      setProblems([]);
      setWords("");
      setParam("q", "");
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { ok, problems = [], words = "" } = await api.query(text, stop.signal);
        if (stop.signal.aborted) return;
        setProblems(problems);
        setWords(words);
        if (ok) setParam("q", text);
      } catch {
        // The list tells of it.
      }
    }, text === query.peek() ? 0 : TRY_AFTER);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);

  const take = (index: number): void => {
    const suggestion = suggestions[index];
    const element = input.current;
    if (suggestion === undefined || element === null) return;
    const next = text.slice(0, suggestion.from) + suggestion.text + text.slice(suggestion.to);
    const place = suggestion.from + suggestion.text.length;
    setText(next);
    setCaret(place);
    setChosen(-1);
    setOpen(true);
    element.value = next;
    element.setSelectionRange(place, place);
    element.focus();
  };
  const follow = () => {
    const element = input.current;
    if (element === null) return;
    setCaret(element.selectionStart ?? element.value.length);
    if (behind.current) behind.current.scrollLeft = element.scrollLeft;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const many = suggestions.length;
    if (event.key === "ArrowDown" && many > 0) setChosen((chosen + 1) % many);
    else if (event.key === "ArrowUp" && many > 0) setChosen((chosen - 1 + many) % many);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0 && many > 0) take(chosen);
    else if (event.key === "Enter") {
      setOpen(false);
      if (problems.length === 0) input.current?.blur();
      return;
    } else if (event.key === "Escape") {
      if (isOpen && many > 0) setOpen(false);
      else input.current?.blur();
    } else return;
    event.preventDefault();
  };

  return (
    <div class="filter" role="search">
      <div class={`filter-field ${problems.length > 0 ? "is-wrong" : ""}`}>
        <Icon name="search" />
        <div class="filter-text">
          <div class="filter-behind" ref={behind} aria-hidden="true">
            <Underlined text={text} problems={problems} />
          </div>
          <input
            ref={input}
            type="text"
            spellcheck={false}
            autocomplete="off"
            autocapitalize="off"
            placeholder={STRINGS.filter.placeholder}
            aria-label={STRINGS.filter.label}
            role="combobox"
            aria-autocomplete="list"
            aria-expanded={suggestions.length > 0}
            aria-controls={`${id}-list`}
            aria-activedescendant={chosen >= 0 && chosen < suggestions.length ? `${id}-${chosen}` : undefined}
            aria-invalid={problems.length > 0}
            aria-describedby={`${id}-told`}
            maxLength={4096}
            value={text}
            onInput={({ currentTarget }) => {
              setText(currentTarget.value);
              setOpen(true);
              setChosen(-1);
              follow();
            }}
            onKeyDown={onKeyDown}
            onKeyUp={follow}
            onClick={() => {
              follow();
              setOpen(true);
            }}
            onScroll={follow}
            onBlur={() => setOpen(false)}
          />
        </div>
        {text !== "" && (
          <button
            type="button"
            class="bare"
            title={STRINGS.filter.clear}
            aria-label={STRINGS.filter.clear}
            onClick={() => {
              setText("");
              input.current?.focus();
            }}
          >
            <Icon name="close" />
          </button>
        )}
        <kbd aria-hidden="true">/</kbd>
      </div>
      <ul
        class="suggestions"
        id={`${id}-list`}
        role="listbox"
        aria-label={STRINGS.filter.suggestions}
        hidden={suggestions.length === 0}
      >
        {suggestions.map(({ text, about }, index) => (
          <li
            key={text}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onMouseDown={(event) => {
              event.preventDefault();
              take(index);
            }}
          >
            <Text class="mono" value={text.trim()} most={60} /> <span class="about">{about}</span>
          </li>
        ))}
      </ul>
      <div id={`${id}-told`} class="filter-told" aria-live="polite">
        {problems.map(({ start, message }) => (
          <p key={start} class="mistake-text">
            <span class="mono">{STRINGS.filter.column(start + 1)}</span> <Text value={message} />
          </p>
        ))}
        {problems.length === 0 && words !== "" && (
          <p class="unseen">
            <Text value={words} />
          </p>
        )}
      </div>
    </div>
  );
}
