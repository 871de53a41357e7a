import { describe, expect, it, onTestFinished } from "vitest";
import { Buffer } from "node:buffer";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Client } from "../../../pipeline/delivery/client.ts";
import { ANSWER_LIMIT, type DeliveryOptions, type HealthRequest } from "../../../pipeline/delivery/mod.ts";
import { certificates, text } from "./_certificates.ts";
import { Recorder } from "./_endpoint.ts";
import { startProxy } from "./_proxy.ts";
import { folder, options } from "./_sink.ts";

const never = new AbortController().signal;
const body = new TextEncoder().encode("line\n".repeat(1000));

function client(more: Parameters<typeof options>[0] = {}): Client {
  const made = new Client(options({ timeout_ms: 10_000, ...more }) as DeliveryOptions);
  onTestFinished(() => made.close());
  return made;
}

function post(url: string, more: Partial<HealthRequest> = {}): HealthRequest {
  return { url, method: "POST", headers: {}, body, ...more };
}

function secure(clientCertificate = false): Promise<Recorder> {
  const { ca, server } = certificates();
  const own = { cert: text(server.cert), key: text(server.key) };
  return Recorder.start(
    clientCertificate ? { ...own, ca: text(ca), requestCert: true, rejectUnauthorized: true } : own,
  );
}

describe("the client that delivers", () => {
  it("trusts an authority of the user's, and no other", async () => {
    const endpoint = await secure(), { ca } = certificates();
    const { answer } = await client({ tls: { ca } }).send(post(endpoint.url), never);
    expect(answer.status).toBe(200);
    expect(endpoint.requests[0]?.body).toHaveLength(5000);
    await expect(client().send(post(endpoint.url), never)).rejects.toThrow(/certificate/i);
    expect((await client({ tls: { insecure: true } }).send(post(endpoint.url), never)).answer.status).toBe(200);
  });

  it("shows a client certificate", async () => {
    const endpoint = await secure(true), { ca, client: own } = certificates();
    await client({ tls: { ca, ...own } }).send(post(endpoint.url), never);
    expect(endpoint.requests[0]?.client).toBe("client");
    await expect(client({ tls: { ca } }).send(post(endpoint.url), never)).rejects.toThrow();
  });

  it("expects the name that it is told", async () => {
    const endpoint = await secure(), { ca } = certificates();
    const url = endpoint.url.replace("localhost", "127.0.0.1");
    expect((await client({ tls: { ca, server_name: "localhost" } }).send(post(url), never)).answer.status).toBe(200);
    await expect(client({ tls: { ca, server_name: "elsewhere.example" } }).send(post(url), never)).rejects.toThrow();
  });

  it("says which certificate file cannot be read", () => {
    expect(() => client({ tls: { ca: "/no/such/ca.pem" } })).toThrow(/\/no\/such\/ca\.pem cannot be read/);
  });

  it("goes through a proxy: with the whole URL for http, by CONNECT for https, over one tunnel", async () => {
    const plain = await Recorder.start(), tls = await secure(), proxy = await startProxy();
    const withUser = proxy.url.replace("http://", "http://me:s%C3%A9cret@");
    const through = client({ proxy: withUser, tls: { ca: certificates().ca } });
    await through.send(post(plain.url), never);
    await through.send(post(tls.url), never);
    await through.send(post(tls.url), never);
    expect(proxy.asked).toEqual([`POST ${plain.url}`, `CONNECT ${new URL(tls.url).host}`]);
    expect(proxy.authorization).toBe(`Basic ${Buffer.from("me:sécret").toString("base64")}`);
    expect(tls.requests).toHaveLength(2);
    expect(plain.requests[0]?.body).toHaveLength(5000);
  });

  it("shows a client certificate through a proxy too", async () => {
    const endpoint = await secure(true), proxy = await startProxy(), { ca, client: own } = certificates();
    await client({ proxy: proxy.url, tls: { ca, ...own } }).send(post(endpoint.url), never);
    expect(endpoint.requests[0]?.client).toBe("client");
  });

  it("reaches a proxy by https too", async () => {
    const { ca, server } = certificates();
    const endpoint = await secure(), proxy = await startProxy({ cert: text(server.cert), key: text(server.key) });
    const plain = await Recorder.start(), through = client({ proxy: proxy.url, tls: { ca } });
    await through.send(post(endpoint.url), never);
    await through.send(post(plain.url), never);
    expect(proxy.asked).toEqual([`CONNECT ${new URL(endpoint.url).host}`, `POST ${plain.url}`]);
    expect(endpoint.requests).toHaveLength(1);
  });

  it("says what is wrong with a proxy", async () => {
    const tls = await secure(), proxy = await startProxy();
    proxy.status = 407;
    const refused = client({ proxy: proxy.url }).send(post(tls.url), never);
    await expect(refused).rejects.toThrow(/the proxy localhost:\d+ answered CONNECT with status 407/);
    await expect(client({ proxy: "http://127.0.0.1:1" }).send(post(tls.url), never)).rejects.toThrow(/ECONNREFUSED/);
  });

  it("says who we are by a user in the URL, and asks the endpoint for no such thing", async () => {
    const endpoint = await Recorder.start();
    await client().send(post(endpoint.url.replace("://", "://u:p@") + "?q=1"), never);
    expect(endpoint.requests[0]).toMatchObject({
      url: "/in?q=1",
      headers: { authorization: `Basic ${Buffer.from("u:p").toString("base64")}` },
    });
  });

  it("keeps so much of an answer, and decompresses it", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = (_, response) => {
      const huge = endpoint.requests.length === 1;
      if (huge) response.writeHead(200).end(new Uint8Array(6 * 1024 * 1024).fill(65));
      else response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("small"));
      return null;
    };
    const sender = client();
    const first = (await sender.send(post(endpoint.url), never)).answer;
    expect([first.body.length, first.cut]).toEqual([ANSWER_LIMIT, true]);
    const second = (await sender.send(post(endpoint.url), never)).answer;
    expect([new TextDecoder().decode(second.body), second.cut]).toEqual(["small", false]);
  });

  it("reads no more of an answer that does not end", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = (_, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(new Uint8Array(65_536)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
      return null;
    };
    const { answer } = await client().send(post(endpoint.url), never);
    expect([answer.body.length, answer.cut]).toEqual([ANSWER_LIMIT, true]);
  });

  it("does not take a bomb for an answer", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = (_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(new Uint8Array(64 * 1024 * 1024)));
      return null;
    };
    const { answer } = await client().send(post(endpoint.url), never);
    expect(answer).toMatchObject({ status: 200, cut: true });
    expect(answer.body.length).toBeLessThanOrEqual(ANSWER_LIMIT);
  });

  it("gives up after its time, and at once when it is told to", async () => {
    const endpoint = await Recorder.start();
    endpoint.reply = () => null;
    await expect(client({ timeout_ms: 50 }).send(post(endpoint.url), never)).rejects.toThrow("no answer in 50 ms");
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    await expect(client().send(post(endpoint.url), stop.signal)).rejects.toThrow();
  });

  it("sends again over a new connection what met one that the endpoint had closed", async () => {
    const endpoint = await Recorder.start(), sender = client();
    await sender.send(post(endpoint.url), never);
    await endpoint.stop();
    await endpoint.listen();
    expect((await sender.send(post(endpoint.url), never)).answer.status).toBe(200);
  });

  it("compresses, unless it is not to, or there is little", async () => {
    const endpoint = await Recorder.start();
    const { sentBytes } = await client().send(post(endpoint.url), never);
    expect(sentBytes).toBeLessThan(200);
    await client({ gzip: false }).send(post(endpoint.url), never);
    await client().send(post(endpoint.url, { body: body.subarray(0, 10) }), never);
    expect(endpoint.requests.map(({ headers }) => headers["content-encoding"])).toEqual(["gzip", undefined, undefined]);
    expect(endpoint.requests.map(({ body }) => body.length)).toEqual([5000, 5000, 10]);
  });

  it("refuses a certificate file that is none", async () => {
    const endpoint = await secure(), path = join(folder(), "ca.pem");
    writeFileSync(path, "no certificate");
    await expect((async () => await client({ tls: { ca: path } }).send(post(endpoint.url), never))()).rejects.toThrow();
  });
});
