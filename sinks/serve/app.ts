/**
 * All that the server answers: the guard, the token, the API, the page, the probes.
 *
 * @module
 */
import { type Context, Hono, type Next } from "hono";
import { type ApiParts, apiRoutes, jsonOf, problem } from "./api.ts";
import { BadRequest } from "./ask.ts";
import { Attempts } from "./attempts.ts";
import type { Guard } from "./guard.ts";
import { HEADERS, NO_STORE } from "./headers.ts";
import type { Handler, Peer } from "./http_server.ts";
import { type PageFile, pageResponse } from "./static.ts";
import type { Token } from "./token.ts";

/** What it is made of. */
export interface AppParts extends ApiParts {
  readonly guard: Guard;
  /** Undefined: everybody may ask. */
  readonly token: Token | undefined;
  /** Names the cookie: cookies are not kept apart by port. */
  readonly port: number;
  readonly secure: boolean;
  readonly page: ReadonlyMap<string, PageFile>;
  readonly publicMetrics: boolean;
  /** The text for Prometheus. */
  readonly metrics: () => Promise<{ readonly text: string; readonly type: string }>;
  /** Told of what the store or a bug throws. */
  readonly onError: (error: unknown) => void;
}

type Env = { Bindings: Peer };

/** Answers requests. */
export function makeApp(parts: AppParts): Handler {
  const { page, token, onError } = parts;
  const app = new Hono<Env>({ strict: false });
  const attempts = new Attempts();
  app.use(guarded(parts));
  app.use(async (c, next) => {
    if (isOpen(parts, c.req.path) || token === undefined) return await next();
    return refusedToken(parts, token, attempts, c) ?? await next();
  });
  app.post("/api/v1/login", async (c) => {
    const given = (await jsonOf(c))["token"];
    const wait = attempts.wait(c.env.address);
    if (wait > 0) return tooMany(wait);
    if (token !== undefined && (typeof given !== "string" || !token.is(given))) {
      attempts.failed(c.env.address);
      return problem(401, "unauthorized", "this is not the token; mcpsonde printed it when it started");
    }
    return cookieAnswer(parts, token?.cookie ?? "none");
  });
  app.post("/api/v1/logout", () => cookieAnswer(parts, ""));
  app.route("/api/v1", apiRoutes(parts));
  app.get("/metrics", async () => {
    const { text, type } = await parts.metrics();
    return new Response(text, { headers: { "content-type": type } });
  });
  app.get("/healthz", () => plain("ok\n"));
  app.get("/readyz", async () => {
    try {
      await parts.feed.calls({ limit: 1 });
      return plain("ready\n");
    } catch (error) {
      onError(error);
      return plain("the store cannot be asked\n", 503);
    }
  });
  app.get("*", (c) => {
    const file = page.get(c.req.path);
    return file === undefined
      ? problem(404, "not_found", "there is no such file")
      : pageResponse(file, c.req.raw.headers);
  });
  app.notFound(() => problem(404, "not_found", "there is no such path; /api/v1/openapi.json names all"));
  app.onError((error) => {
    if (error instanceof BadRequest) return problem(400, "bad_request", error.message);
    onError(error);
    return problem(500, "failed", "mcpsonde could not answer; its log says why");
  });
  return (request, peer) => app.fetch(request, peer);
}

/** Refuses other sites, and puts on every answer what browsers must know. */
function guarded({ guard, page }: AppParts) {
  return async (c: Context<Env>, next: Next): Promise<Response | void> => {
    const origin = c.req.header("origin");
    const reason = guard.refuses({
      host: c.req.header("host"),
      origin,
      site: c.req.header("sec-fetch-site"),
      mode: c.req.header("sec-fetch-mode"),
      isPage: page.has(c.req.path),
    });
    const isForeign = reason === undefined && origin !== undefined && guard.allows(origin);
    if (reason !== undefined) c.res = problem(403, "forbidden", reason);
    else if (isForeign && c.req.method === "OPTIONS") c.res = preflight();
    else await next();
    const headers = c.res.headers;
    for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
    if (!headers.has("cache-control")) headers.set("cache-control", NO_STORE);
    if (isForeign && origin !== undefined) {
      headers.set("access-control-allow-origin", origin);
      headers.set("cross-origin-resource-policy", "cross-origin");
      headers.append("vary", "Origin");
    }
  };
}

/** To another site that is allowed: it shows the token in a header, as it gets no cookies. */
function preflight(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": "GET, HEAD, POST",
      "access-control-allow-headers": "authorization, content-type, last-event-id",
      "access-control-max-age": "600",
    },
  });
}

const OPEN: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/api/v1/login", "/api/v1/logout"]);

function isOpen({ page, publicMetrics }: AppParts, path: string): boolean {
  return OPEN.has(path) || page.has(path) || (publicMetrics && path === "/metrics");
}

/** The refusal, if the request shows neither the token nor the cookie. */
function refusedToken(parts: AppParts, token: Token, attempts: Attempts, c: Context<Env>): Response | undefined {
  const cookie = cookieOf(c.req.header("cookie"), cookieName(parts));
  if (cookie !== undefined && token.isCookie(cookie)) return undefined;
  const bearer = /^bearer +(\S+) *$/i.exec(c.req.header("authorization") ?? "")?.[1];
  if (bearer !== undefined) {
    const wait = attempts.wait(c.env.address);
    if (wait > 0) return tooMany(wait);
    if (token.is(bearer)) return undefined;
    attempts.failed(c.env.address);
  }
  const message = bearer === undefined
    ? "expected the token, as Authorization: Bearer TOKEN; mcpsonde printed it when it started"
    : "this is not the token; mcpsonde printed it when it started";
  const response = problem(401, "unauthorized", message);
  response.headers.set("www-authenticate", 'Bearer realm="mcpsonde"');
  return response;
}

function tooMany(seconds: number): Response {
  const response = problem(429, "too_many_requests", `too many wrong tokens; wait ${seconds} s`);
  response.headers.set("retry-after", String(seconds));
  return response;
}

function cookieName({ port }: AppParts): string {
  return `mcpsonde-${port}`;
}

function cookieAnswer(parts: AppParts, value: string): Response {
  const attributes = ["Path=/", "HttpOnly", "SameSite=Strict", ...(parts.secure ? ["Secure"] : [])];
  if (value === "") attributes.push("Max-Age=0");
  const cookie = `${cookieName(parts)}=${value}; ${attributes.join("; ")}`;
  return new Response(null, { status: 204, headers: { "set-cookie": cookie } });
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(";") ?? []) {
    const [key, value] = part.trim().split("=", 2);
    if (key === name) return value;
  }
  return undefined;
}

function plain(text: string, status = 200): Response {
  return new Response(text, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}
