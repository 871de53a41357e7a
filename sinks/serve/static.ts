/**
 * The files of the page, from memory.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** A file, ready to be sent. */
export interface PageFile {
  readonly type: string;
  /** With its quotes. */
  readonly etag: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  /** Undefined where it saves nothing. */
  readonly br: Uint8Array<ArrayBuffer> | undefined;
  readonly gzip: Uint8Array<ArrayBuffer> | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
};
/** Smaller files are sent as they are. */
const SMALL = 512;

const NO_PAGE =
  "<!doctype html><html lang=en><meta charset=utf-8><title>mcpsonde</title><p>The page is not built: see sinks/serve/web. " +
  "The API is at /api/v1, its description at /api/v1/openapi.json.</p></html>\n";

/** The files of a folder by their paths in URLs; `/` is `index.html`. */
export async function loadPage(dir: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  const names = await readdir(dir).catch(() => []);
  for (const name of names) {
    const type = TYPES[extname(name)];
    if (type !== undefined) {
      files.set(`/${name}`, await pageFile(new Uint8Array(await readFile(join(dir, name))), type));
    }
  }
  const index = files.get("/index.html") ?? await pageFile(new TextEncoder().encode(NO_PAGE), TYPES[".html"] ?? "");
  return files.set("/", index);
}

async function pageFile(plain: Uint8Array<ArrayBuffer>, type: string): Promise<PageFile> {
  const etag = `"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`;
  if (plain.length < SMALL || !/text|javascript|svg|json/.test(type)) {
    return { type, etag, plain, br: undefined, gzip: undefined };
  }
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  const [br, gz] = await Promise.all([promisify(brotliCompress)(plain, { params }), promisify(gzip)(plain)]);
  return { type, etag, plain, br: new Uint8Array(br), gzip: new Uint8Array(gz) };
}

/** The answer to a request for a file. */
export function pageResponse(file: PageFile, request: Headers): Response {
  const { type, etag, plain } = file;
  // a page of one version may not be mixed with scripts of another: it asks each time, and gets 304
  const headers: Record<string, string> = {
    "content-type": type,
    etag,
    "cache-control": "no-cache",
    vary: "Accept-Encoding",
  };
  const known = request.get("if-none-match") ?? "";
  if (known.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag)) {
    return new Response(null, { status: 304, headers });
  }
  const accepted = request.get("accept-encoding") ?? "";
  for (const coding of ["br", "gzip"] as const) {
    const body = file[coding];
    if (body === undefined || !accepts(accepted, coding)) continue;
    return new Response(body, {
      headers: { ...headers, "content-encoding": coding, "content-length": `${body.length}` },
    });
  }
  return new Response(plain, { headers: { ...headers, "content-length": `${plain.length}` } });
}

/** RFC 9110, 12.5.3, as far as it matters here: a coding that is named and not with a weight of 0. */
function accepts(header: string, coding: string): boolean {
  return header.split(",").some((part) => {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    return name === coding && !parameters.some((text) => /^q=0(\.0*)?$/.test(text));
  });
}
