/**
 * What is sent while somebody listens.
 *
 * @module
 */
import type { Msg, NatsConnection } from "@nats-io/transport-node";

/** Without messages an empty batch goes out this often: other stages may wait for one. In milliseconds. */
const TICK_MS = 100;

/** How a subscription is kept in bounds. */
export interface SubscriptionOptions {
  readonly subject: string;
  readonly batch: number;
  /** Bytes that may wait. */
  readonly maxBytes: number;
  /** So many messages found no room. */
  readonly onLost: (messages: number, bytes: number) => void;
}

/** Messages in their order, until the signal is aborted or the connection is closed. */
export async function* subscribed(
  connection: NatsConnection,
  { subject, batch, maxBytes, onLost }: SubscriptionOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly Msg[]> {
  let waiting: Msg[] = [], bytes = 0, lost = 0, lostBytes = 0;
  let wake = () => {}, isLast = false;
  const subscription = connection.subscribe(subject, {
    callback(error, message) {
      if (error !== null) return;
      const { length } = message.data;
      if (bytes + length > maxBytes) {
        lost++;
        lostBytes += length;
        return;
      }
      bytes += length;
      waiting.push(message);
      wake();
    },
  });
  const stop = () => wake();
  signal.addEventListener("abort", stop);
  try {
    await connection.flush().catch(() => {}); // from here on nothing is missed
    for (;;) {
      if ((signal.aborted || connection.isClosed()) && waiting.length === 0) {
        if (isLast || connection.isClosed()) return;
        isLast = true;
        await connection.flush().catch(() => {}); // what was sent before is here then
        continue;
      }
      if (lost > 0) {
        onLost(lost, lostBytes);
        lost = lostBytes = 0;
      }
      const some = waiting.slice(0, batch);
      waiting = waiting.slice(batch);
      for (const { data } of some) bytes -= data.length;
      yield some;
      if (waiting.length > 0 || signal.aborted) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, TICK_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  } finally {
    signal.removeEventListener("abort", stop);
    if (!connection.isClosed()) subscription.unsubscribe();
  }
}
