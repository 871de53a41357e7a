/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * Starts the page. `scripts/build_web.ts` makes `dist/app.js` of it.
 *
 * @module
 */
/// <reference lib="dom" />
import { render } from "preact";
import { App } from "./app.tsx";
import { watchKeys } from "./keys.ts";
import { watchAddress } from "./route.ts";
import { logIn, takeToken } from "./session.ts";
import { restoreTheme } from "./theme.ts";

restoreTheme();
const token = takeToken();
watchAddress();
watchKeys();
const login = token === undefined ? undefined : await logIn(token);
const root = document.getElementById("root");
if (root !== null) render(<App login={login} />, root);
