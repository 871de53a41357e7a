/** BlueRock's hooks in a real client and a real server, read while they write: every message of both, once, paired. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { GapEvent, McpEvent, SensorEvent } from "../../pipeline/event.ts";
import type { Source, Transform } from "../../pipeline/stage.ts";
import { source, transform } from "../../mod.ts";
import { hold, install, type Sent } from "./_harness/peers.ts";

const INSTALL = 600_000;

interface Read {
  readonly messages: McpEvent[];
  readonly sensors: SensorEvent[];
  readonly gaps: GapEvent[];
}

/** Reads a spool until stopped. */
function follow(dir: string, ...more: readonly Transform[]): { stop(): Promise<Read> } {
  const stop = new AbortController();
  const read: Read = { messages: [], sensors: [], gaps: [] };
  const spool = source("spool", { dir, poll_ms: 50 }, { signal: stop.signal });
  const done = (async () => {
    for await (const batch of [transform("jsonrpc"), ...more].reduce<Source>((stream, next) => next(stream), spool)) {
      for (const event of batch) {
        if (event.kind === "mcp") read.messages.push(event);
        else if (event.kind === "sensor") read.sensors.push(event);
        else if (event.kind === "gap") read.gaps.push(event);
      }
    }
  })();
  return {
    stop: async () => {
      stop.abort();
      await done;
      return read;
    },
  };
}

/** What the peers say was sent: the sender, and the message without what BlueRock's side of it has not. */
function said(truth: readonly Sent[]): string[] {
  return truth.map(({ from, raw }) => shown(from, JSON.parse(raw), raw.includes('"error":')));
}

function shown(from: string, { id, method, params, result }: Record<string, unknown>, isError: boolean): string {
  return JSON.stringify({
    from,
    id,
    method,
    isError,
    params: sorted(params),
    result: id === 0 ? undefined : sorted(result),
  });
}

/** BlueRock writes members in alphabetical order. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([name, of]) => [name, sorted(of)]),
  );
}

describe("a spool of BlueRock 0.2", () => {
  let peers: string;

  beforeAll(async () => {
    peers = await install("bluerock");
  }, INSTALL);

  it("gives every message of a client and a server once, answers with their requests, and no gaps", async () => {
    await inHome(async (home) => {
      const spool = follow(join(home, ".bluerock", "event-spool"));
      const truth = await talk(home);
      const { messages, sensors, gaps } = await spool.stop();
      expect(gaps).toEqual([]);
      const [{ client, server } = { client: 0, server: 0 }] = truth;
      for (const pid of [client, server]) {
        const seen = messages.filter(({ sensor }) => sensor?.process?.pid === pid);
        const texts = seen.map((message) => {
          const { process, id, method, params, result, isError } = message;
          const from = (process?.pid === pid) === (pid === client) ? "client" : "server";
          return shown(from, { id, method, params, result }, isError);
        });
        expect(texts.sort()).toEqual(said(truth).sort());
        expect(seen.flatMap(({ warnings }) => warnings)).toEqual([]);
        expect(seen.filter(({ type, request }) => type === "response" && request === undefined)).toEqual([]);
      }
      const names = new Set(sensors.map(({ name }) => name));
      expect([...names]).toEqual(
        expect.arrayContaining(["sensor_startup", "python_import", "python_mcp_client_connect"]),
      );
      expect(sensors.some(({ process }) => process?.name === "bluerock-peer")).toBe(true);
    });
  }, 60_000);

  it("gives what both sides tell of a message as one, behind merge", async () => {
    await inHome(async (home) => {
      const spool = follow(join(home, ".bluerock", "event-spool"), transform("merge"));
      const truth = await talk(home);
      const { messages } = await spool.stop();
      const methods = (all: readonly (string | undefined)[]) => all.map((method) => method ?? "").sort();
      expect(methods(messages.map(({ method }) => method))).toEqual(
        methods(truth.map(({ raw }) => JSON.parse(raw).method)),
      );
      const responses = messages.filter(({ type }) => type === "response");
      expect(responses.filter(({ request }) => request === undefined || !messages.includes(request))).toEqual([]);
    });
  }, 60_000);

  async function talk(home: string): Promise<readonly Sent[]> {
    const command = [`${peers}/bluerock/venv/bin/python`, "-m", "bluerock", "--oss", `${peers}/bluerock/client.py`];
    return await hold(command, { env: { HOME: home, PYTHONPATH: `${peers}/bluerock` } });
  }
});

async function inHome(run: (home: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "bluerock-"));
  try {
    await run(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
