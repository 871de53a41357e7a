/**
 * Whether what was imported is what the sensor says it was: BlueRock copies a file's SHA-256 from its package's RECORD, so
 * that an edited file keeps its old one.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat } from "node:fs/promises";
import type { FindingEvent, GapEvent, SensorEvent } from "../event.ts";
import { several } from "../wording.ts";

/** Imports that wait, by default; more are not looked at. */
const MOST = 65_536;
/** Files whose hash is remembered. */
const REMEMBERED = 16_384;
/** Larger files are not looked at, in bytes. */
const LARGEST = 64 * 1024 * 1024;
const HEX = /^[0-9a-f]{64}$/i;

/** Looks at files one after the other, while events go on. */
export class ImportCheck {
  /** Imports that were not looked at for lack of room and not told yet, and the last of them. */
  #passedOver = 0;
  #last: SensorEvent | undefined;
  readonly #most: number;
  readonly #waiting: SensorEvent[] = [];
  readonly #hashes = new Map<string, string | undefined>();
  #found: (FindingEvent | GapEvent)[] = [];
  #running: Promise<void> | undefined;

  /** At most so many imports wait. */
  constructor(most = MOST) {
    this.#most = most;
  }

  /** Adds an import. */
  add(event: SensorEvent): void {
    if (this.#waiting.length >= this.#most) {
      this.#passedOver++;
      this.#last = event;
      return;
    }
    void event.data; // parsed now, it keeps no block of its file alive while it waits
    this.#waiting.push(event);
    this.#running ??= this.#run();
  }

  /** What was found since the last time. */
  take(): (FindingEvent | GapEvent)[] {
    const found = this.#found, last = this.#last;
    if (last !== undefined) found.push(unchecked(last, this.#passedOver));
    this.#passedOver = 0;
    this.#last = undefined;
    if (found.length > 0) this.#found = [];
    return found;
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let event; (event = this.#waiting.shift()) !== undefined;) {
      try {
        await this.#check(event);
      } catch { // the file is gone, or not ours to read: nothing can be said
      }
    }
    this.#running = undefined;
  }

  async #check(event: SensorEvent): Promise<void> {
    const { file, sha256 } = event.data;
    if (typeof file !== "string" || typeof sha256 !== "string" || !HEX.test(sha256) || !file.startsWith("/")) return;
    const info = await lstat(file), { mtimeMs, size, ino } = info;
    if (!info.isFile() || size > LARGEST) return;
    const key = `${ino} ${mtimeMs} ${size} ${file}`;
    if (!this.#hashes.has(key)) {
      if (this.#hashes.size >= REMEMBERED) this.#hashes.clear();
      this.#hashes.set(key, await hashOf(file));
    }
    const hash = this.#hashes.get(key);
    if (hash === undefined || hash === sha256.toLowerCase()) return;
    this.#found.push(tampered(event, file, { sha256, hash }, mtimeMs > event.time));
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const block of createReadStream(file)) hash.update(block as Uint8Array);
  return hash.digest("hex");
}

function tampered(
  { time, source, process, sensor, data }: SensorEvent,
  file: string,
  { sha256, hash }: { readonly sha256: string; readonly hash: string },
  isLater: boolean,
): FindingEvent {
  const { fullname, pkg, version } = data;
  const what = typeof fullname === "string" ? fullname : file;
  const of = typeof pkg === "string" && pkg !== ""
    ? ` of ${pkg} ${typeof version === "string" ? version : ""}`.trimEnd()
    : "";
  return {
    kind: "finding",
    time,
    source,
    process,
    rule: "sensor.import_tampered",
    severity: isLater ? "medium" : "high",
    message: isLater
      ? `The file of ${what}${of} was changed after it was imported`
      : `The file of ${what}${of} has another SHA-256 than ${sensor} says: it was edited after its installation`,
    evidence: file.slice(0, 200),
    category: "supply_chain",
    details: { file, told: sha256, found: hash },
  };
}

function unchecked({ time, source }: SensorEvent, imports: number): GapEvent {
  return {
    kind: "gap",
    time,
    source,
    reason: "imports_unchecked",
    message: `${several(imports, "import")} came too fast to be held against the files (check_imports)`,
    lost: { records: imports },
  };
}
