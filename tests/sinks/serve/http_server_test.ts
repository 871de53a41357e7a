import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { type Handler, HttpServer } from "../../../sinks/serve/http_server.ts";

async function serving(
  handler: Handler,
  act: (port: number, server: HttpServer) => Promise<void>,
  more: { maxConnections?: number; onError?: (error: unknown) => void } = {},
): Promise<void> {
  const onError = more.onError ?? ((error: unknown) => {
    throw error;
  });
  const server = new HttpServer(handler, { host: "127.0.0.1", port: 0, maxConnections: 10, ...more, onError });
  const port = await server.listen();
  try {
    await act(port, server);
  } finally {
    await server.close();
  }
}

/** What comes back on a connection until it is closed, or `until` is there. */
function raw(port: number, text: string, until = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let got = "";
    socket.on("data", (chunk) => {
      got += String(chunk);
      if (until !== "" && got.includes(until)) socket.destroy();
    }).on("close", () => resolve(got)).on("error", reject);
    socket.write(text);
  });
}

const echo: Handler = async (request) => {
  return Response.json({ method: request.method, url: request.url, body: (await request.text()).length });
};

describe("HttpServer", { timeout: 60_000 }, () => {
  it("hands on requests and answers", async () => {
    await serving(echo, async (port) => {
      const response = await fetch(`http://127.0.0.1:${port}/a/b?c=1`, { method: "POST", body: "x".repeat(1000) });
      expect(await response.json()).toEqual({ method: "POST", url: "http://localhost/a/b?c=1", body: 1000 });
      const head = await fetch(`http://127.0.0.1:${port}/`, { method: "HEAD" });
      expect([head.status, await head.text()]).toEqual([200, ""]);
    });
  });

  it("refuses what it cannot read", async () => {
    await serving(echo, async (port) => {
      const status = async (text: string) => Number((await raw(port, text)).slice(9, 12));
      expect(await status("PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).toBe(405);
      expect(await status("GET http://evil/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).toBe(400);
      expect(await status("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n")).toBe(400);
      expect(await status("\x16\x03\x01 no HTTP\r\n\r\n")).toBe(400);
      expect(await status(`GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`)).toBe(400);
    });
  });

  it("does not read bodies without a bound", async () => {
    await serving(echo, async (port) => {
      const said = await raw(port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nx", "too_large");
      expect(said).toMatch(/^HTTP\/1.1 413/);
      const chunk = `8000\r\n${"x".repeat(0x8000)}\r\n`;
      const unsaid = await raw(
        port,
        `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(3)}`,
        "too_large",
      );
      expect(unsaid).toMatch(/^HTTP\/1.1 413/);
    });
  });

  it("refuses connections beyond the bound", async () => {
    await serving(echo, async (port) => {
      const sockets: Socket[] = [];
      const opened = () => {
        const socket = connect(port, "127.0.0.1");
        sockets.push(socket);
        return new Promise<void>((resolve) => socket.once("connect", resolve));
      };
      await opened();
      await opened();
      const third = connect(port, "127.0.0.1");
      await new Promise<void>((resolve) => third.on("close", () => resolve()).on("error", () => {}).resume());
      for (const socket of sockets) socket.destroy();
    }, { maxConnections: 2 });
  });

  it("tells of a handler's failure, and not the reader", async () => {
    const errors: unknown[] = [];
    await serving(() => {
      throw new Error("secret path");
    }, async (port) => {
      const response = await fetch(`http://127.0.0.1:${port}/`);
      expect([response.status, await response.text()]).toEqual([500, ""]);
    }, { onError: (error) => errors.push(error) });
    expect(String(errors[0])).toBe("Error: secret path");
  });

  it("makes a stream at the pace of who reads, and ends it when that one leaves", async () => {
    let made = 0, cancelled = () => {};
    const end = new Promise<void>((resolve) => cancelled = resolve);
    const chunk = new Uint8Array(64 * 1024);
    const handler: Handler = () => {
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          made++;
          controller.enqueue(chunk);
        },
        cancel: () => cancelled(),
      }, { highWaterMark: 0 });
      return new Response(body);
    };
    await serving(handler, async (port) => {
      const asked = request({ port, host: "127.0.0.1" }, (answer) => answer.pause());
      asked.on("error", () => {}).end();
      let before = -1;
      while (made === 0 || made !== before) { // until nothing more is made for a while
        before = made;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      expect(made).toBeLessThan(500); // the system's buffers, and no more
      asked.destroy();
      await end;
    });
  });

  it("closes while streams are open", async () => {
    const handler: Handler = (request) => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(new TextEncoder().encode("first"));
          request.signal.addEventListener("abort", () => controller.close());
        },
      });
      return new Response(body);
    };
    let text: Promise<string> | undefined;
    await serving(handler, async (port) => {
      const response = await fetch(`http://127.0.0.1:${port}/`);
      text = response.text();
    });
    expect(await text).toBe("first");
  });
});
