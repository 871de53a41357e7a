/**
 * What is new or has changed in a store.
 *
 * @module
 */

/** Row ids. Sets, as a row may change again before anyone asks. */
export class Changed {
  readonly calls: Set<number> = new Set();
  readonly messages: Set<number> = new Set();
  readonly findings: Set<number> = new Set();
  readonly events: Set<number> = new Set();
  readonly servers: Set<number> = new Set();

  /** How many. */
  get size(): number {
    return this.calls.size + this.messages.size + this.findings.size + this.events.size + this.servers.size;
  }

  /** Forgets all. */
  clear(): void {
    for (const ids of [this.calls, this.messages, this.findings, this.events, this.servers]) ids.clear();
  }
}
