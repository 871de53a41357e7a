/**
 * How fast the `spool` source catches up with a spool of BlueRock's lines, on one core, against a loop that reads the same
 * files and calls JSON.parse; and how long after their times events come while 5,000 a second are written to four files.
 * Runs alternate, the best of each counts; rates are by
 * processor time, all threads together, as others may use the machine. `deno run -A bench/spool.ts [--json]`
 *
 * What it leaves out: the lines are made here and are 430 bytes on average, six imports to two spans and two protocol
 * messages; files are in the page cache; nothing reads the events' own members (`data`), which are parsed when they are
 * first asked for; there is no checkpoint.
 */
import { join } from "node:path";
import { output, pinned, report } from "./_bench.ts";

const EVENTS = 500_000, ROUNDS = 5, WRITERS = 4, GENERATION = 1024 * 1024;
const RATE = 5000, SECONDS = 5;
const started = Date.parse("2026-11-21T12:00:00Z");

/** The line that a process writes as its `n`th. */
function line(pid: number, n: number, time: number): string {
  const ts = `${new Date(time).toISOString().slice(0, 23)}${String((n * 7919) % 1_000_000).padStart(6, "0")}+00:00`;
  const component = `default/1092b137-6e9c-40bf-9d14-${String(pid).padStart(12, "0")}`;
  const span = Math.floor(n / 10).toString(16).padStart(32, "5");
  const meta = (name: string, span_id?: string) => ({
    component_id: component,
    name,
    origin: "bluepython",
    sensor_id: 1,
    source_event_id: n,
    ...(span_id === undefined ? {} : { span_id }),
    type: "event",
  });
  const context = { process: { pid } };
  const told = { client_id: "null", context };
  const rest = { server_name: "rig-server", session_id: "5c938af1-f861-4a2e-b929-b7a6c854b2f8" };
  let event: Record<string, unknown>;
  const id = Math.floor(n / 10) + 1;
  switch (n % 10) {
    case 3: {
      const params = { arguments: { path: "/etc/hostname", n }, name: "read_file" };
      const message = { id, jsonrpc: "2.0", method: "tools/call", params };
      event = {
        ...told,
        event: "server_received_request",
        id,
        message,
        meta: meta("python_mcp_event"),
        ...rest,
        source: 1,
      };
      break;
    }
    case 4:
    case 6:
      event = {
        context,
        meta: meta(n % 10 === 4 ? "python_span_start" : "python_span_end", span),
        name: "mcp_server_message",
        own_span_id: span,
      };
      break;
    case 5: {
      const message = { result: { content: [{ text: "vm\n", type: "text" }], isError: false } };
      event = {
        ...told,
        event: "server_send_response",
        id,
        message,
        meta: meta("python_mcp_event", span),
        ...rest,
        source: 0,
      };
      break;
    }
    default:
      event = {
        context,
        file: `/usr/local/lib/python3.11/package_${n % 500}/client.py`,
        fullname: `package_${n % 500}.client`,
        hash_changed: false,
        meta: meta("python_import"),
        path: `['/usr/local/lib/python3.11/package_${n % 500}']`,
        pkg: "",
        sha256: "5ebb56a7864c690da18594115857e75b7d5cd50e8e934434ebe48e8d5f7377af",
        version: "unknown",
      };
  }
  return `${JSON.stringify({ event, ts })}\n`;
}

/** Writes the spool; gives its size in bytes. */
async function fill(dir: string): Promise<number> {
  const writers = Array.from({ length: WRITERS }, (_, k) => ({ pid: 4_200_000 + k, generation: 0, text: "", n: 0 }));
  const flush = async (writer: typeof writers[number]) => {
    await Deno.writeTextFile(join(dir, `python-${writer.pid}-1.${writer.generation++}.ndjson`), writer.text);
    const { length } = writer.text;
    writer.text = "";
    return length;
  };
  let bytes = 0;
  for (let k = 0; k < EVENTS; k++) {
    const writer = writers[k % WRITERS]!;
    writer.text += line(writer.pid, writer.n++, started + k / 10);
    if (writer.text.length > GENERATION) bytes += await flush(writer);
  }
  for (const writer of writers) bytes += await flush(writer);
  return bytes;
}

/** Writes at a steady pace, each line in one call. */
async function pace(dir: string): Promise<void> {
  const files = Array.from({ length: WRITERS }, (_, k) => {
    return Deno.openSync(join(dir, `python-${4_200_000 + k}-1.0.ndjson`), { append: true, create: true });
  });
  const encoder = new TextEncoder(), began = performance.now();
  for (let k = 0; k < RATE * SECONDS;) {
    const due = Math.min(RATE * SECONDS, (performance.now() - began) / 1000 * RATE);
    for (; k < due; k++) {
      const text = line(4_200_000 + k % WRITERS, Math.floor(k / WRITERS), Date.now());
      files[k % WRITERS]!.writeSync(encoder.encode(text));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  for (const file of files) file.close();
}

interface Run {
  readonly events: number;
  /** Of processor time, once its code is loaded. */
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const script = new URL("_spool_read.ts", import.meta.url).pathname;
const args = ["run", "-A", "--no-check", "--no-lock", "--v8-flags=--max-semi-space-size=8", script];
const run = async (mode: string, dir: string, start = pinned): Promise<Run> =>
  JSON.parse(await start(Deno.execPath(), ...args, mode, dir, String(mode === "lag" ? RATE * SECONDS : EVENTS)));

const dir = await Deno.makeTempDir();
try {
  const bytes = await fill(dir);
  const best: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const mode of ["source", "jsonrpc", "plain"]) {
      const { events, perSecond } = await run(mode, dir);
      if (events < EVENTS) throw new Error(`${mode} has seen ${events} of ${EVENTS}`);
      best[mode] = Math.max(best[mode] ?? 0, perSecond);
    }
  }
  const live = join(dir, "live");
  await Deno.mkdir(live);
  const reading = run("lag", live, output);
  await new Promise((resolve) => setTimeout(resolve, 1500)); // it has started
  await pace(live);
  const { events, p50, p99, max } = await reading;
  const each = (rate = 0) => `${Math.round(rate / 1000)},000/s`;
  const { source = 0, jsonrpc = 0, plain = 0 } = best;
  report("spool", [
    {
      what: `Catch up with a spool of ${EVENTS.toLocaleString("en")} × ${Math.round(bytes / EVENTS)} B, one core`,
      measured: each(source),
      baseline: `${each(plain)}, JSON.parse in a loop`,
      target: "≥ 300,000/s",
      ok: source >= 300_000,
    },
    { what: "… and decode its messages", measured: each(jsonrpc), target: "", ok: true },
    {
      what: `Follow a spool at ${RATE.toLocaleString("en")} events/s: lag, median and 99 %`,
      measured: `${p50.toFixed(0)} ms; ${p99.toFixed(0)} ms (most ${max.toFixed(0)} ms)`,
      target: "< 100 ms",
      ok: events === RATE * SECONDS && p99 < 100,
    },
  ]);
} finally {
  await Deno.remove(dir, { recursive: true });
}
