/**
 * Events as messages: the lines of docs/jsonl.md, by kind of event on subjects of their own.
 *
 * @module
 */
import type { Courier } from "../../pipeline/delivery/mod.ts";
import { EventLines } from "../../pipeline/lines/event_lines.ts";
import { judgeResults, type Message, type NatsRequest, type Result } from "./request.ts";

/** Which lines, and where to. */
export interface CourierOptions {
  readonly endpoint: string;
  readonly subject: string;
  readonly raw: boolean;
}

const EMPTY = new Uint8Array(0);
const decoder = new TextDecoder();
/** Every line begins so (pipeline/lines): the kind is there without parsing it. */
const KIND = /^\{"kind":"([a-z]{1,16})"/;

/** A record is a line. */
export function natsCourier({ endpoint, subject, raw }: CourierOptions): Courier {
  const lines = new EventLines({ raw, compat: undefined, details: false, tokens: false });
  const headers = {};
  return {
    format: "nats/1",
    endpoint,
    *encode(batch) {
      for (const event of batch) if (event.kind !== "chunk") yield lines.line(event);
      lines.forget();
    },
    requests(records) {
      const messages = records.map(({ id, bytes }): Message => {
        const kind = KIND.exec(decoder.decode(bytes.subarray(0, 32)))?.[1] ?? "other";
        return { subject: `${subject}.${kind}`, id, data: bytes };
      });
      const carried = records.map((_, k) => k);
      const request: NatsRequest = {
        url: endpoint,
        method: "PUB",
        headers,
        body: EMPTY,
        records: carried,
        messages,
        judge: ({ body }) => judgeResults(JSON.parse(decoder.decode(body)) as Result[], carried),
      };
      return [request];
    },
    health: () => ({ url: endpoint, method: "PING", headers, body: EMPTY, judge: () => ({ outcome: "done" }) }),
  };
}
