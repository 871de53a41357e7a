import { describe, expect, it } from "vitest";
import { Conversation, decoded } from "./_conversation.ts";
import { TOKEN, withPage } from "./_page.ts";

const PRIVATE = [
  "/api/v1/about",
  "/api/v1/calls",
  "/api/v1/calls/1",
  "/api/v1/messages",
  "/api/v1/findings",
  "/api/v1/events",
  "/api/v1/http",
  "/api/v1/servers",
  "/api/v1/servers/x",
  "/api/v1/links",
  "/api/v1/rates",
  "/api/v1/health",
  "/api/v1/changes",
  "/api/v1/query",
  "/api/v1/fields",
  "/api/v1/openapi.json",
  "/api/v1/none",
  "/metrics",
  "/none",
  "//api/v1/calls",
  "/api/v1/../v1/calls",
  "/%61pi/v1/calls",
  "/api//v1/calls",
  "/api/v1/calls/",
  "/API/V1/CALLS",
];

describe("the token", { timeout: 60_000 }, () => {
  it("is asked for by everything but the page, the login and the probes", async () => {
    await withPage([], async ({ ask }) => {
      for (const path of PRIVATE) {
        for (const authorization of ["", "Bearer wrong-token", `Basic ${btoa(`x:${TOKEN}`)}`, `Bearer ${TOKEN}x`]) {
          const { status, headers, json } = await ask(path, { authorization });
          expect([path, [401, 429].includes(status)]).toEqual([path, true]);
          if (status === 401) expect(headers["www-authenticate"]).toBe('Bearer realm="mcpsonde"');
          expect(json.error).toMatch(/^(unauthorized|too_many_requests)$/);
        }
      }
      for (const path of ["/", "/healthz", "/readyz"]) {
        expect((await ask(path, { authorization: "" })).status).toBe(200);
      }
      expect((await ask("/api/v1/baseline/accept", { authorization: "" }, '{"server":"x"}')).status).toBe(401);
    });
  });

  it("is exchanged by pages for a cookie that no script can read and no other site sends", async () => {
    await withPage([], async ({ ask, port }) => {
      const login = (token: unknown, more = {}) => {
        return ask("/api/v1/login", { authorization: "", ...more }, JSON.stringify({ token }));
      };
      expect((await login("wrong")).status).toBe(401);
      expect((await login(7)).status).toBe(401);
      const { status, headers } = await login(TOKEN);
      expect(status).toBe(204);
      const cookie = headers["set-cookie"]?.[0] ?? "";
      expect(cookie).toMatch(new RegExp(`^mcpsonde-${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`));
      expect(cookie).not.toContain(TOKEN);
      const value = cookie.split(";")[0] ?? "";
      expect((await ask("/api/v1/calls", { authorization: "", cookie: `a=b; ${value}; c=d` })).status).toBe(200);
      expect((await ask("/api/v1/calls", { authorization: "", cookie: `${value}x` })).status).toBe(401);
      expect((await ask("/api/v1/calls", { authorization: "", cookie: `mcpsonde-${port}=${TOKEN}` })).status).toBe(401);
      // a form of another site cannot say that it sends JSON
      expect((await login(TOKEN, { "content-type": "text/plain" })).status).toBe(400);
      const out = await ask("/api/v1/logout", { authorization: "", cookie: value }, "");
      expect(out.headers["set-cookie"]?.[0]).toMatch(/Max-Age=0/);
    });
  });

  it("cannot be guessed for long", async () => {
    await withPage([], async ({ ask }) => {
      const statuses: number[] = [];
      for (let k = 0; k < 25; k++) {
        const { status, headers } = await ask("/api/v1/calls", { authorization: `Bearer guess-${k}` });
        statuses.push(status);
        if (status === 429) expect(Number(headers["retry-after"])).toBeGreaterThan(0);
      }
      expect(statuses).toEqual([...Array(20).fill(401), ...Array(5).fill(429)]);
      expect((await ask("/api/v1/login", { authorization: "" }, JSON.stringify({ token: TOKEN }))).status).toBe(429);
    });
  });

  it("may be left out on this machine only, and that is said aloud", async () => {
    await withPage([], async ({ ask, logged }) => {
      expect((await ask("/api/v1/calls", { authorization: "" })).status).toBe(200);
      expect((await ask("/api/v1/calls", { authorization: "", host: "evil.example" })).status).toBe(403);
      expect(logged[0]).toMatch(/^without a token, every program and every user of this machine/);
    }, { token: false });
    await expect(withPage([], () => Promise.resolve(), { token: false, listen: "0.0.0.0:0" })).rejects.toThrow(
      /token: false lets in everybody who reaches 0.0.0.0:0/,
    );
  });

  it("may be left out for Prometheus", async () => {
    await withPage([], async ({ ask }) => {
      expect((await ask("/metrics", { authorization: "" })).status).toBe(200);
      expect((await ask("/api/v1/calls", { authorization: "" })).status).toBe(401);
    }, { public_metrics: true });
  });
});

describe("the guard", { timeout: 60_000 }, () => {
  it("refuses names of others, on every path and with the token", async () => {
    await withPage([], async ({ ask }) => {
      for (const path of [...PRIVATE, "/", "/healthz", "/api/v1/login"]) {
        for (const host of ["evil.example", "evil.example:7077", "127.0.0.1.nip.io"]) {
          const { status, json, headers } = await ask(path, { host });
          expect([path, status, json.error]).toEqual([path, 403, "forbidden"]);
          expect(headers["access-control-allow-origin"]).toBe(undefined);
        }
      }
    });
  });

  it("refuses pages of other sites, and answers their preflights with nothing", async () => {
    await withPage([], async ({ ask, port }) => {
      const own = `http://127.0.0.1:${port}`;
      for (const origin of ["https://evil.example", "null", `http://localhost:${port}`, "http://127.0.0.1:1"]) {
        expect((await ask("/api/v1/calls", { origin })).status).toBe(403);
        const preflight = await ask("/api/v1/calls", {
          origin,
          ":method": "OPTIONS",
          "access-control-request-method": "GET",
        });
        expect([preflight.status, preflight.headers["access-control-allow-origin"]]).toEqual([403, undefined]);
      }
      expect((await ask("/api/v1/calls", { origin: own })).status).toBe(200);
      expect((await ask("/api/v1/calls", { "sec-fetch-site": "same-site" })).status).toBe(403);
      expect((await ask("/", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" })).status).toBe(200);
      expect((await ask("/", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" })).status).toBe(403);
    });
  });

  it("lets in pages of sites that are allowed, with the token", async () => {
    const origin = "https://dash.example";
    await withPage([], async ({ ask }) => {
      const preflight = await ask("/api/v1/calls", { origin, authorization: "", ":method": "OPTIONS" });
      expect(preflight.status).toBe(204);
      expect(preflight.headers["access-control-allow-origin"]).toBe(origin);
      expect(preflight.headers["access-control-allow-credentials"]).toBe(undefined);
      const { status, headers } = await ask("/api/v1/calls", { origin, "sec-fetch-site": "cross-site" });
      expect([status, headers["access-control-allow-origin"], headers["vary"]]).toEqual([200, origin, "Origin"]);
      expect((await ask("/api/v1/calls", { origin, authorization: "" })).status).toBe(401);
    }, { allowed_origins: [origin] });
  });
});

describe("what is answered", { timeout: 60_000 }, () => {
  it("tells browsers to run nothing but the page's own files", async () => {
    await withPage([], async ({ ask }) => {
      for (const path of ["/", "/none", "/api/v1/calls", "/api/v1/none", "/metrics", "/healthz"]) {
        const { headers } = await ask(path);
        const csp = headers["content-security-policy"];
        expect(csp).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
        expect(csp).toContain("frame-ancestors 'none'");
        expect(csp).not.toMatch(/unsafe|https?:|\*/);
        expect(headers["x-content-type-options"]).toBe("nosniff");
        expect(headers["referrer-policy"]).toBe("no-referrer");
        expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
        expect(headers["cache-control"]).toBe(path === "/" ? "no-cache" : "no-store");
      }
    });
  });

  it("is never HTML, whatever a server calls its tools", async () => {
    const hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>\u2028\u202e";
    const talk = new Conversation();
    const chunks = [
      ...talk.hello([{ name: hostile, description: hostile, inputSchema: {} }]),
      ...talk.call(3, hostile, { a: hostile }, hostile),
    ];
    await withPage(await decoded(chunks), async ({ ask }) => {
      const { headers, json } = await ask("/api/v1/calls?limit=1000");
      expect(headers["content-type"]).toBe("application/json");
      expect(json.rows.some(({ name }: { name?: string }) => name === hostile)).toBe(true);
      for (
        const path of ["/api/v1/calls/3", "/api/v1/servers", "/api/v1/messages", "/api/v1/findings", "/api/v1/events"]
      ) {
        const answer = await ask(path);
        expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/json"]);
      }
      const metrics = await ask("/metrics");
      expect(metrics.headers["content-type"]).toMatch(/^text\/plain/);
      expect(metrics.text).toContain('gen_ai_tool_name="<script>alert(1)</script>');
      const filtered = await ask(`/api/v1/query?filter=${encodeURIComponent(`"${hostile}`)}`);
      expect(filtered.headers["content-type"]).toBe("application/json");
    });
  });

  it("says nothing of the inside when something fails", async () => {
    await withPage([], async ({ ask, store, logged }) => {
      store.close();
      const { status, json } = await ask("/api/v1/calls");
      expect([status, json]).toEqual([500, {
        error: "failed",
        message: "mcpsonde could not answer; its log says why",
      }]);
      expect(logged.length).toBeGreaterThan(0);
      expect((await ask("/readyz")).status).toBe(503);
      expect((await ask("/healthz")).status).toBe(200);
    });
  });

  it("refuses bodies that are too large or no JSON", async () => {
    await withPage([], async ({ ask }) => {
      expect((await ask("/api/v1/login", {}, `{"token":"${"x".repeat(70_000)}"}`)).status).toBe(413);
      for (const body of ["", "{", "[]", "null", "7"]) expect((await ask("/api/v1/login", {}, body)).status).toBe(400);
      expect((await ask("/api/v1/calls", {}, "{}")).status).toBe(404);
    });
  });

  it("does not lead out of the page's folder", async () => {
    await withPage([], async ({ ask }) => {
      for (const path of ["/../sink.ts", "/..%2fsink.ts", "/%2e%2e/sink.ts", "/dist/index.html", "/.git/config"]) {
        expect((await ask(path)).status).toBe(404);
      }
    });
  });
});
