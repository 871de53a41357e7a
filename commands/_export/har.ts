/**
 * HTTP exchanges as an HTTP archive, HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/). Members that begin with `_`
 * are ours, as the format allows.
 *
 * @module
 */
import type { HttpRow, MessageRow } from "../../pipeline/store/rows.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { header, mediaType } from "../../pipeline/http.ts";
import type { Out } from "./out.ts";

const VERSIONS: Readonly<Record<string, string>> = { "1.0": "HTTP/1.0", "1.1": "HTTP/1.1", "2": "HTTP/2" };

/** Writes the archive; tells how many exchanges it has. */
export function writeHar(
  store: Store,
  filter: string | undefined,
  version: string,
  out: Out,
  each: () => void,
): number {
  const creator = JSON.stringify({ name: "mcpsonde", version });
  out.write(`{"log":{"version":"1.2","creator":${creator},"pages":[],"entries":[`);
  let entries = 0;
  for (const row of store.reader.each("http", { filter })) {
    const messages = row.mcp ? store.reader.carriedBy(row.id) : [];
    out.write(`${entries++ === 0 ? "" : ","}\n${JSON.stringify(entry(row, messages))}`);
    each();
  }
  out.write("\n]}}\n");
  return entries;
}

/** One exchange. The bodies of those that carried MCP are put together of its messages. */
export function entry(row: HttpRow, messages: readonly MessageRow[]): Record<string, unknown> {
  const { request_headers: sent, response_headers: received } = row;
  const took = row.duration_ms ?? 0;
  const host = row.authority ?? header(sent, "host") ?? "unknown";
  const scheme = row.tls === undefined ? "http" : "https";
  const url = row.target.includes("://") ? row.target : `${scheme}://${host}${row.target || "/"}`;
  const asked = bodyOf(row.request_body, messages.filter(({ from }) => isClient(row, from)), sent);
  const answered = bodyOf(row.response_body, messages.filter(({ from }) => !isClient(row, from)), received);
  const version = VERSIONS[row.version] ?? "unknown";
  return {
    startedDateTime: new Date(row.time).toISOString(),
    time: took,
    request: {
      method: row.method || "unknown",
      url,
      httpVersion: version,
      cookies: [],
      headers: sent.map(([name, value]) => ({ name, value })),
      queryString: queryOf(url),
      ...(asked === undefined
        ? {}
        : { postData: { mimeType: header(sent, "content-type") ?? "application/octet-stream", text: asked } }),
      headersSize: -1,
      bodySize: row.request_bytes,
    },
    response: {
      status: row.status ?? 0,
      statusText: "",
      httpVersion: version,
      cookies: [],
      headers: received.map(([name, value]) => ({ name, value })),
      content: {
        size: row.response_bytes,
        mimeType: header(received, "content-type") ?? "",
        ...(answered === undefined ? {} : { text: answered }),
      },
      redirectURL: header(received, "location") ?? "",
      headersSize: -1,
      bodySize: row.response_bytes,
    },
    cache: {},
    timings: { send: 0, wait: took, receive: 0 },
    ...(row.client === undefined ? {} : { _client: row.client }),
    ...(row.server_process === undefined ? {} : { _server: row.server_process }),
    ...(row.mcp ? { _mcp: true } : {}),
    ...(row.incomplete === undefined ? {} : { _incomplete: row.incomplete }),
    ...(messages.some(({ text_cut }) => text_cut === true) ? { _textCut: true } : {}),
  };
}

function isClient({ client, server_process: server }: HttpRow, from: MessageRow["from"]): boolean {
  if (from === undefined) return client === undefined;
  return client === undefined ? from.pid !== server?.pid : from.pid === client.pid;
}

function bodyOf(
  body: string | undefined,
  messages: readonly MessageRow[],
  headers: HttpRow["request_headers"],
): string | undefined {
  if (body !== undefined || messages.length === 0) return body;
  const texts = messages.map(({ text = "" }) => text);
  if (mediaType(headers) !== "text/event-stream") return texts.length === 1 ? texts[0] : `[${texts.join(",")}]`;
  return messages.map(({ text = "", sse_id: id }) =>
    `${id === undefined ? "" : `id: ${id}\n`}event: message\ndata: ${text.replaceAll("\n", "\ndata: ")}\n\n`
  ).join("");
}

function queryOf(url: string): { name: string; value: string }[] {
  try {
    return [...new URL(url).searchParams].map(([name, value]) => ({ name, value }));
  } catch {
    return [];
  }
}
