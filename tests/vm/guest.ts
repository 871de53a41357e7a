/**
 * Runs inside the virtual machine: both backends load, and a message through a pipe and one of 500 KB are seen whole.
 *
 * @module
 */
import type { Context } from "../../pipeline/component.ts";
import ebpf from "../../sources/ebpf/mod.ts";
import { probe } from "../../sources/ebpf/probe.ts";

const print = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));

for (const check of probe()) print(`${check.ok === true ? "ok  " : "FAIL"} ${check.name}: ${check.found}`);

/** A process that writes to its child through a pipe: a short message, and one larger than the pipe. */
const PAIR = `
import json, os
r, w = os.pipe()
if os.fork() == 0:
    os.close(w)
    while os.read(r, 65536): pass
    os._exit(0)
os.close(r)
for params in ("", "y" * 500000):
    with os.fdopen(os.dup(w), "w") as out: out.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "x", "params": params}) + "\\n")
os.close(w)
os.wait()
`;

/** Bytes of JSON-RPC that the child's pipe carries, as seen. */
async function captured(backend: "tp_btf" | "raw_tp"): Promise<number> {
  const stop = new AbortController();
  const log = { info: () => void talk(), warn: print, error: print };
  const context: Context = {
    name: "kernel",
    signal: stop.signal,
    log,
    metrics: { dropped() {}, error() {}, set() {} },
  };
  async function talk(): Promise<void> {
    await new Deno.Command("python3", { args: ["-c", PAIR], stdout: "null" }).output();
    setTimeout(() => stop.abort(), 3000);
  }
  let bytes = 0;
  const options = ebpf.options.parse({ backend, own_children: true });
  for await (const batch of await ebpf.create(options, context)) {
    for (const event of batch) if (event.kind === "chunk") bytes += event.end - event.start;
  }
  return bytes;
}

let ok = true;
for (const backend of ["tp_btf", "raw_tp"] as const) {
  const bytes = await captured(backend);
  print(`${backend}: ${bytes} bytes`);
  ok &&= bytes > 500_000;
}
print(ok ? "VM OK" : "VM FAILED");
