/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/// <reference lib="dom" />
import { render } from "preact";
import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";

const n = signal(0);
function App() {
  const ref = useRef(null);
  return <p ref={ref}>{n}</p>;
}
render(<App />, document.body);
