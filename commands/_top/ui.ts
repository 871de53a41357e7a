/**
 * The screen in a terminal, by ink: it reads the keys, and draws the frames.
 *
 * @module
 */
import process from "node:process";
import { Box, type Instance, type Key, render, Transform, useInput } from "ink";
// @ts-types="@types/react"
import { createElement, type ReactElement, useEffect, useLayoutEffect, useReducer } from "react";
import { frame } from "./frame.ts";
import { draw, type Paint } from "./line.ts";
import { Pace } from "./pace.ts";
import { type Press, presses } from "./press.ts";
import type { Surface } from "./surface.ts";
import type { Top } from "./top.ts";

/** Columns that ink may use beyond the screen's: it never wraps or cuts lines, which have been fitted. */
const SLACK = 16;
/** Between two looks at what does not tell of itself, in milliseconds. */
const TICK = 500;

interface Props {
  readonly top: Top;
  readonly surface: Surface;
  readonly paint: Paint;
  /** Called if drawing, or a key, fails. */
  readonly onFailure: (error: unknown) => void;
}

/** A screen that is drawn. */
export interface Ui extends Disposable {
  /** Draws soon. */
  redraw(): void;
}

/** Draws until it is disposed of. */
export function show(props: Props): Ui {
  let drawn = () => {};
  const pace = new Pace(() => drawn());
  const Screen = (): ReactElement => {
    const [, draw] = useReducer((n: number) => n + 1, 0);
    useEffect(() => {
      drawn = draw;
    }, []);
    const start = performance.now();
    useLayoutEffect(() => pace.took(performance.now() - start)); // ink has written the frame by then
    return screen(props);
  };
  const stop = props.top.subscribe((urgent) => pace.request(urgent));
  let ticks = 0;
  const timer = setInterval(() => {
    void props.top.tick();
    // durations of open calls grow, rates sink, notices go
    if (++ticks % 2 === 0 && (props.top.mode !== "file" || props.top.hasNotice)) pace.request(false);
  }, TICK);
  const instance: Instance = render(createElement(Screen), {
    stdout: props.surface as unknown as NodeJS.WriteStream,
    stdin: process.stdin,
    debug: true, // whole frames, and all of them: when to draw is not for ink to decide
    exitOnCtrlC: false,
    patchConsole: false,
  });
  instance.waitUntilExit().catch(props.onFailure);
  return {
    redraw: () => pace.request(true),
    [Symbol.dispose]: () => {
      stop();
      pace.stop();
      clearInterval(timer);
      instance.unmount();
    },
  };
}

function screen({ top, surface, paint }: Props): ReactElement {
  useInput((input, key) => {
    for (const press of pressed(input, key)) top.press(press);
  });
  const { columns, rows } = surface.size;
  const lines = frame(top, columns, rows).map((line) => draw(line, columns, paint));
  return createElement(
    Box,
    { width: columns + SLACK },
    createElement(Transform, { transform: (_, i) => lines[i] ?? "" }, placeholder(rows)),
  );
}

/**
 * Text of so many lines, for which others are put as they are drawn. Ink measures the text and keeps what it has measured,
 * for ever and all: so it is always the same.
 */
function placeholder(rows: number): string {
  return new Array<string>(rows).fill("x").join("\n");
}

const NAMED: readonly (readonly [keyof Key, Press])[] = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "pageup"],
  ["pageDown", "pagedown"],
  ["home", "home"],
  ["end", "end"],
  ["return", "enter"],
  ["escape", "escape"],
  ["backspace", "backspace"],
  ["delete", "backspace"], // ink takes DEL, which terminals send for it, to be the other key
];

/** The keys of what ink tells as one input. */
export function pressed(input: string, key: Key): Press[] {
  if (key.tab) return [key.shift ? "shift-tab" : "tab"];
  const named = NAMED.find(([name]) => key[name]);
  if (named !== undefined) return [named[1]];
  if (key.ctrl && input.length === 1) return [`ctrl-${input}`];
  return key.meta || input === "" ? [] : presses(input);
}
