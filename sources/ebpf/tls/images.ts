/**
 * The files that were looked at for TLS code, and the probes that are on them. A file has one set of probes whatever
 * number of processes use it.
 *
 * @module
 */
import { ElfError, OpenFile } from "../../../bpf/elf/file.ts";
import type { Pace } from "../../../bpf/elf/pace.ts";
import { examine, findVersion } from "./examine.ts";
import { attachPath, type Identity } from "./open.ts";
import type { Attacher, Detach, Probe, TlsImage, TlsLibrary } from "./types.ts";

/** Some probes of an image. */
interface Attached {
  readonly probes: number;
  readonly detach: Detach;
}

/** A file that holds TLS code. */
export interface Image {
  readonly key: string;
  /** What a person would call it. */
  readonly name: string;
  tls: TlsImage;
  readonly users: Set<number>;
  /** Its probes; undefined while it has none. */
  attached: Attached[] | undefined;
  /** It cannot be probed; that was said. */
  failed: boolean;
  /** That it is probed was said. */
  told: boolean;
  /** When the last user went, on the clock of `performance.now()`. */
  idleSince: number;
}

/** What the table tells of. */
export interface ImageHooks {
  warn(message: string): void;
  /** A file has its probes, for the first time: its name and whose code it is, and a process that uses it. */
  found(image: string, pid: number): void;
}

/** Most files remembered. One with TLS code and probes on it is never forgotten. */
const MAX_FILES = 4096;
const LABELS = { openssl: "OpenSSL", boringssl: "BoringSSL", gnutls: "GnuTLS", go: "crypto/tls", rustls: "rustls" };

/** Files by identity. */
export class Images {
  readonly #known = new Map<string, Image | undefined>();
  readonly #attacher: Attacher;
  readonly #hooks: ImageHooks;
  readonly #pace: Pace;
  readonly counts = { images: 0, probes: 0, failed: 0 };

  constructor(attacher: Attacher, hooks: ImageHooks, pace: Pace) {
    this.#attacher = attacher;
    this.#hooks = hooks;
    this.#pace = pace;
  }

  /** What is known of a file: undefined if it was never looked at, or holds no TLS code. */
  get(key: string): Image | undefined {
    return this.#known.get(key);
  }

  /** All that hold TLS code. */
  *[Symbol.iterator](): Generator<Image> {
    for (const image of this.#known.values()) if (image !== undefined) yield image;
  }

  /** Looks at a process's file, if it is new, and puts probes on it, if it holds TLS code and has none. */
  async probed(identity: Identity, name: string, pid: number): Promise<Image | undefined> {
    const { key } = identity;
    const known = this.#known.get(key);
    if (this.#known.has(key) && (known === undefined || known.attached !== undefined || known.failed)) return known;
    let file: OpenFile;
    try {
      file = new OpenFile(identity.via);
    } catch {
      return undefined; // gone in the meantime
    }
    try {
      const image = known ?? await this.#examine(key, name, file);
      if (image !== undefined) await this.#attach(image, file, pid);
      return image;
    } finally {
      file.close();
    }
  }

  /** Takes an image's probes off; resolves when they are. */
  async detach(image: Image): Promise<void> {
    const attached = image.attached;
    if (attached === undefined) return;
    image.attached = undefined;
    this.counts.images--;
    await Promise.all(attached.splice(0).map((one) => this.#detach(one)));
  }

  async #examine(key: string, name: string, file: OpenFile): Promise<Image | undefined> {
    let image: Image | undefined;
    try {
      const { tls, note } = await examine(file, this.#pace);
      if (note !== undefined) this.#hooks.warn(`${name}: ${note}`);
      if (tls !== undefined) {
        image = {
          key,
          name,
          tls,
          users: new Set(),
          attached: undefined,
          failed: false,
          told: false,
          idleSince: performance.now(),
        };
      }
    } catch (error) {
      if (!(error instanceof ElfError)) {
        this.counts.failed++;
        this.#hooks.warn(
          `${name} could not be searched for TLS code: ${error instanceof Error ? error.message : error}`,
        );
      }
    }
    this.#remember(key, image);
    return image;
  }

  async #attach(image: Image, file: OpenFile, pid: number): Promise<void> {
    const { library, probes } = image.tls;
    const attached: Attached[] = image.attached = [];
    this.counts.images++;
    let failure: unknown;
    for (const group of groups(probes)) {
      const made: Attached[] = [];
      try {
        for (const same of byProgram(group)) made.push(...this.#put(same, attachPath(file), library));
      } catch (error) { // half a pair is of no use
        failure ??= error;
        for (const one of made.splice(0)) this.#detach(one);
      }
      attached.push(...made);
      await this.#pace.rest();
      if (image.attached !== attached) { // taken off meanwhile
        await Promise.all(attached.splice(0).map((one) => this.#detach(one)));
        return;
      }
    }
    const label = await this.#label(image, file);
    if (failure !== undefined) {
      this.counts.failed++;
      const why = failure instanceof Error ? failure.message : String(failure);
      const what = attached.length === 0 ? "not seen" : "seen in part only";
      this.#hooks.warn(
        `${image.name}: what it sends with ${label} is ${what}: a probe was refused (${why}). Run as root, and see that ` +
          `neither a container's seccomp profile nor kernel lockdown forbids perf_event_open`,
      );
    }
    if (attached.length === 0) {
      image.failed = true;
      await this.detach(image);
    } else if (!image.told) {
      image.told = true;
      this.#hooks.found(`${image.name} (${label})`, pid);
    }
  }

  /** Its library and version. The version may take a search, for which no probe shall wait. */
  async #label(image: Image, file: OpenFile): Promise<string> {
    const version = await findVersion(file, image.tls, this.#pace).catch(() => undefined); // probes are what matters
    image.tls = { ...image.tls, version };
    return version === undefined ? LABELS[image.tls.library] : `${LABELS[image.tls.library]} ${version}`;
  }

  /** Puts one program on all its places. */
  #put(probes: readonly Probe[], path: string, library: TlsLibrary): Attached[] {
    const [first] = probes;
    if (first === undefined) return [];
    const offsets = probes.map((probe) => probe.offset);
    const detach = this.#attacher.attach(first.program, first.onReturn, offsets, path, library);
    this.counts.probes += probes.length;
    return [{ probes: probes.length, detach }];
  }

  async #detach({ probes, detach }: Attached): Promise<void> {
    this.counts.probes -= probes;
    try {
      await detach();
    } catch (error) {
      this.#hooks.warn(`a probe could not be taken off: ${error instanceof Error ? error.message : error}`);
    }
  }

  #remember(key: string, image: Image | undefined): void {
    this.#known.set(key, image);
    if (this.#known.size <= MAX_FILES) return;
    for (const [old, value] of this.#known) {
      if (value?.attached === undefined && old !== key && (value === undefined || value.users.size === 0)) {
        this.#known.delete(old);
        return;
      }
    }
  }
}

/** Probes that are of use only together: a function's entry and its returns. Returns first, so that none is missed. */
function groups(probes: readonly Probe[]): Probe[][] {
  const byFunction = new Map<string, Probe[]>();
  for (const probe of probes) {
    const paired = probe.program.endsWith("_enter") || probe.program.endsWith("_exit");
    const name = paired ? probe.program.replace(/_(?:enter|exit)$/, "") : `${probe.program} ${probe.offset}`;
    const group = byFunction.get(name);
    if (group === undefined) byFunction.set(name, [probe]);
    else if (probe.program.endsWith("_exit")) group.unshift(probe);
    else group.push(probe);
  }
  return [...byFunction.values()];
}

/** The probes of a group that one program serves in one way. */
function byProgram(group: readonly Probe[]): Probe[][] {
  const same = new Map<string, Probe[]>();
  for (const probe of group) {
    const key = `${probe.program} ${probe.onReturn}`;
    const probes = same.get(key);
    if (probes === undefined) same.set(key, [probe]);
    else probes.push(probe);
  }
  return [...same.values()];
}
