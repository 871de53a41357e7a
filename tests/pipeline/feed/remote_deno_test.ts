import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import type { Change, Feed } from "../../../pipeline/feed/feed.ts";
import { openRemoteFeed } from "../../../pipeline/feed/remote.ts";
import { options as schema } from "../../../sinks/serve/options.ts";
import { startServer } from "../../../sinks/serve/server.ts";
import { Conversation, decoded } from "../../sinks/serve/_conversation.ts";
import { batchesOf, DEMO, HOSTILE, TOKEN, until, withPage } from "../../sinks/serve/_page.ts";

/** What the other side answers. */
async function answering(
  status: number,
  type: string,
  text: string,
  act: (url: string) => Promise<void>,
): Promise<void> {
  const server: HttpServer = createServer((_request, response) =>
    response.writeHead(status, { "content-type": type }).end(text)
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await act(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const sentence = (promise: Promise<unknown>) => promise.then(() => "", (error: Error) => error.message);

describe("openRemoteFeed", { timeout: 60_000 }, () => {
  it("shows the same as the feed on the other side", async () => {
    await withPage([...await batchesOf(DEMO), ...await batchesOf(HOSTILE)], async ({ url, feed: local }) => {
      const remote = await openRemoteFeed({ url: `${url}#token=${TOKEN}` });
      expect(remote.title).toBe(`a test at ${new URL(url).host}`);
      const same = async (ask: (feed: Feed) => Promise<unknown>) => {
        expect(await ask(remote)).toEqual(JSON.parse(JSON.stringify(await ask(local))));
      };
      await same((feed) => feed.calls({ limit: 7 }));
      await same((feed) => feed.calls({ filter: "method:tools/call", limit: 3, before: 20 }));
      await same((feed) => feed.messages({ after: 5, limit: 3 }));
      await same((feed) => feed.findings());
      await same((feed) => feed.events());
      await same((feed) => feed.http());
      await same((feed) => feed.servers());
      await same((feed) => feed.links());
      await same((feed) => feed.rates(0, 2e12, 1e9));
      const [call] = (await local.calls({ limit: 1 })).rows;
      await same(async (feed) => await feed.call(call?.id ?? 0) ?? null);
      for (const { key } of await local.servers()) await same(async (feed) => await feed.server(key) ?? null);
      expect(await remote.call(99_999)).toBe(undefined);
      expect(await remote.server("none/with#odd?characters%")).toBe(undefined);
      expect(await remote.health()).toBe(undefined);
      await remote.close();
    });
  });

  it("names the mistakes of a filter as the filter language does", async () => {
    await withPage([], async ({ url }) => {
      const remote = await openRemoteFeed({ url, token: TOKEN });
      const error = await remote.calls({ filter: "tool:x and" }).catch((error) => error);
      expect([error.name, error.text, error.problems.length]).toEqual(["QueryError", "tool:x and", 1]);
      const changes = remote.changes(new AbortController().signal, { filter: "tool:" });
      expect(await sentence(changes[Symbol.asyncIterator]().next())).toMatch(/^column 6: expected a value/);
    });
  });

  it("says in a sentence what is wrong with address, token or the other side", async () => {
    await withPage([], async ({ url }) => {
      const { host } = new URL(url);
      expect(await sentence(openRemoteFeed({ url }))).toBe(
        `${host} asks for a token: mcpsonde serve printed it there when it started`,
      );
      expect(await sentence(openRemoteFeed({ url, token: "wrong" }))).toBe(`${host} does not take the token`);
      expect(await sentence(openRemoteFeed({ url, token: "a b" }))).toBe("the token has characters that no token has");
    });
    const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = free.addr;
    free.close();
    expect(await sentence(openRemoteFeed({ url: `http://127.0.0.1:${port}` }))).toBe(
      `127.0.0.1:${port} does not answer: nobody listens there`,
    );
    expect(await sentence(openRemoteFeed({ url: "nonsense#token=secret" }))).toBe(
      '"nonsense" is no address: expected http://HOST:PORT',
    );
    expect(await sentence(openRemoteFeed({ url: "ftp://x" }))).toMatch(/is no address/);
    await answering(200, "text/html", "<html>hello", async (url) => {
      expect(await sentence(openRemoteFeed({ url }))).toMatch(/did not answer in JSON: is it mcpsonde serve\?$/);
    });
    await answering(404, "text/html", "<html>not here", async (url) => {
      expect(await sentence(openRemoteFeed({ url }))).toMatch(/answered 404: is it mcpsonde serve\?$/);
    });
    await answering(200, "application/json", "null", async (url) => {
      expect(await sentence(openRemoteFeed({ url }))).toMatch(/did not answer in JSON/);
    });
  });

  it("does not take the token to where it is led", async () => {
    let seen = 0;
    const other = createServer((_request, response) => {
      seen++;
      response.end("{}");
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const there = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    const server = createServer((_request, response) => response.writeHead(302, { location: there }).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await sentence(openRemoteFeed({ url, token: TOKEN }))).toMatch(/does not answer/);
    expect(seen).toBe(0);
    for (const one of [server, other]) one.close();
  });

  it("follows changes, and goes on after a lost connection without losing or repeating any", async () => {
    const talk = new Conversation();
    const chunks = [...talk.hello()];
    for (let id = 3; id < 33; id++) chunks.push(...talk.call(id, "echo"));
    const batches = await decoded(chunks);
    await withPage([], async ({ feed, store, port }) => {
      // between the two, something that breaks connections
      const relay = await Relay.to(port);
      const remote = await openRemoteFeed({ url: relay.url, token: TOKEN });
      const stop = new AbortController();
      const ids: number[] = [];
      const reading = (async () => {
        for await (const change of remote.changes(stop.signal, { types: ["messages"] })) {
          expect(change.type).toBe("messages");
          if (change.type === "messages") ids.push(...change.rows.map(({ id }) => id));
        }
      })();
      await until(() => relay.streams === 1);
      await until(async () => /^mcpsonde_streams 1/m.test(await metrics(port)));
      for (const [k, batch] of batches.entries()) {
        store.add(batch);
        if (k % 20 === 10) {
          await until(() => ids.length > 0);
          const before = relay.streams;
          relay.cut();
          await until(() => relay.streams > before);
        }
      }
      await until(() => ids.length >= 65);
      expect(ids).toEqual(Array.from({ length: 65 }, (_, k) => k + 1));
      stop.abort();
      await reading;
      relay.close();
      expect(feed.title).toBe("a test");
    });
  });

  it("comes back to another process at the same address, and says that something was lost", async () => {
    await withPage([], async ({ feed, server, port }) => {
      const remote = await openRemoteFeed({ url: server.url, token: TOKEN });
      const stop = new AbortController();
      const changes: Change[] = [];
      const reading = (async () => {
        for await (const change of remote.changes(stop.signal)) changes.push(change);
      })();
      await until(async () => /^mcpsonde_streams 1/m.test(await metrics(port)));
      await server.close();
      const log = { info: () => {}, warn: () => {}, error: () => {} };
      const options = schema.parse({ listen: `127.0.0.1:${port}`, token: TOKEN });
      const next = await startServer({ feed, options, live: true, log });
      await until(() => changes.length > 0);
      expect(changes[0]).toEqual({ type: "lost", changes: 0 });
      stop.abort();
      await reading;
      await next.close();
    });
  });

  it("gives up on changes where the token is not taken any more", async () => {
    await withPage([], async ({ feed, server, port }) => {
      const remote = await openRemoteFeed({ url: server.url, token: TOKEN });
      await server.close();
      const log = { info: () => {}, warn: () => {}, error: () => {} };
      const options = schema.parse({
        listen: `127.0.0.1:${port}`,
        token: "another token".padEnd(20, "x").replace(" ", "-"),
      });
      const next = await startServer({ feed, options, live: true, log });
      const changes = remote.changes(new AbortController().signal)[Symbol.asyncIterator]();
      expect(await sentence(changes.next())).toMatch(/does not take the token$/);
      await next.close();
    });
  });
});

async function metrics(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  return await response.text();
}

/** Passes bytes on, and breaks connections when it is told to. */
class Relay {
  readonly url: string;
  streams = 0;
  readonly #listener: Deno.TcpListener;
  #open: Deno.TcpConn[] = [];

  private constructor(listener: Deno.TcpListener, port: number) {
    this.#listener = listener;
    this.url = `http://127.0.0.1:${listener.addr.port}`;
    void this.#accept(port);
  }

  static to(port: number): Promise<Relay> {
    return Promise.resolve(new Relay(Deno.listen({ hostname: "127.0.0.1", port: 0 }), port));
  }

  cut(): void {
    for (const connection of this.#open.splice(0)) close(connection);
  }

  close(): void {
    this.#listener.close();
    this.cut();
  }

  async #accept(port: number): Promise<void> {
    for await (const client of this.#listener) {
      const server = await Deno.connect({ hostname: "127.0.0.1", port });
      this.#open.push(client, server);
      void this.#pass(client, server);
      void this.#pass(server, client);
    }
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const count = await from.read(buffer);
        if (count === null) break;
        const bytes = buffer.slice(0, count);
        if (new TextDecoder().decode(bytes).includes("retry: ")) this.streams++;
        for (let sent = 0; sent < count;) sent += await to.write(bytes.subarray(sent));
      }
    } catch {
      // cut
    }
    close(from);
    close(to);
  }
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // closed
  }
}
