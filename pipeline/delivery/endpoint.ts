/**
 * The endpoint as the circuit sees it: who sends waits while it fails, and the log hears when that begins and ends.
 *
 * @module
 */
import type { Context } from "../component.ts";
import { Circuit, CIRCUIT_NUMBERS } from "./circuit.ts";
import { judgeByStatus } from "./judge.ts";
import type { DeliveryOptions } from "./options.ts";
import type { Carrier, HealthRequest, Verdict } from "./types.ts";

/** How often to say that an endpoint fails still, in milliseconds. */
const REMIND_MS = 5 * 60_000;
/** What `node:http` calls a request that can never be sent. */
const UNSENDABLE: readonly string[] = [
  "ERR_INVALID_URL",
  "ERR_INVALID_PROTOCOL",
  "ERR_INVALID_CHAR",
  "ERR_INVALID_HTTP_TOKEN",
  "ERR_UNESCAPED_CHARACTERS",
];

/** Sends one request after the other, as the circuit lets it. */
export class Endpoint {
  readonly #client: Carrier;
  readonly #circuit: Circuit;
  readonly #context: Context;
  readonly #name: string;
  #failedSince: number | undefined;
  #toldAt = 0;
  #requests = 0;
  #failures = 0;
  #sentBytes = 0;

  /** `url` is for messages; a user and a query in it are left out. */
  constructor(url: string, client: Carrier, options: Pick<DeliveryOptions, "retry">, context: Context) {
    this.#client = client;
    this.#circuit = new Circuit(options.retry);
    this.#context = context;
    this.#name = shown(url);
  }

  /** Its URL, for messages. */
  get name(): string {
    return this.#name;
  }

  /** True while its last request failed. */
  get failing(): boolean {
    return this.#circuit.state !== "closed";
  }

  /** Sends a request when the circuit lets it, and judges. Rejects only when the signal is aborted. */
  async send(request: HealthRequest, signal: AbortSignal): Promise<Verdict> {
    await this.#circuit.pass(signal);
    return await this.attempt(request, signal);
  }

  /** The same at once, whatever the circuit says. */
  async attempt(request: HealthRequest, signal: AbortSignal): Promise<Verdict> {
    this.#requests++;
    let verdict: Verdict;
    try {
      const { answer, sentBytes } = await this.#client.send(request, signal);
      this.#sentBytes += sentBytes;
      verdict = request.judge?.(answer) ?? judgeByStatus(answer);
    } catch (error) {
      if (signal.aborted) {
        this.#circuit.release();
        throw error;
      }
      const outcome = isOurs(error) ? "rejected" : "retry";
      verdict = { outcome, reason: describe(error) };
    }
    this.#settle(verdict);
    return verdict;
  }

  /** Sets the gauges. */
  report(): void {
    const { metrics } = this.#context;
    metrics.set("requests", this.#requests);
    metrics.set("requests_failed", this.#failures);
    metrics.set("sent_bytes", this.#sentBytes);
    metrics.set("circuit", CIRCUIT_NUMBERS[this.#circuit.state]);
  }

  #settle(verdict: Verdict): void {
    const isAgain = verdict.outcome === "retry" || verdict.outcome === "partly" && verdict.retry.length > 0;
    const { log, metrics } = this.#context;
    if (!isAgain) {
      this.#circuit.succeed();
      if (this.#failedSince === undefined) return;
      const seconds = Math.round((performance.now() - this.#failedSince) / 1000);
      this.#failedSince = undefined;
      log.info(`${this.#name} answers again, after ${seconds} s`);
      return;
    }
    this.#failures++;
    metrics.error("request_failed");
    const reason = verdict.outcome === "retry" ? verdict.reason : verdict.retryReason ?? "it asks for some again";
    this.#circuit.fail(verdict.afterMs);
    const now = performance.now();
    if (this.#failedSince === undefined) {
      this.#failedSince = this.#toldAt = now;
      log.warn(`${this.#name}: ${reason}. Events wait in the buffer until it answers`);
    } else if (now - this.#toldAt > REMIND_MS) {
      this.#toldAt = now;
      log.warn(`${this.#name}: still no use after ${Math.round((now - this.#failedSince) / 60_000)} min: ${reason}`);
    }
  }
}

/** True if the request is wrong, and not the way to the endpoint. */
function isOurs(error: unknown): boolean {
  return error instanceof TypeError && "code" in error && UNSENDABLE.includes(String(error.code));
}

/** Without what may be secret. */
function shown(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? url : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node gives what happened at each address of a name in turn
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return inner instanceof Error && inner.message !== "" ? inner.message : error.message || error.name;
}
