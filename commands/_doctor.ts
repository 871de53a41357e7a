/**
 * What `mcpsonde doctor` looks at, and how it is laid out.
 *
 * @module
 */
import picocolors from "picocolors";
import { probe } from "../sources/ebpf/probe.ts";
import { outputColumns, table } from "./_table.ts";
import type { Check } from "./doctor.ts";

/** What was found. */
export interface Findings {
  /** What capture from the kernel depends on. */
  readonly kernel: readonly Check[];
  /** What everything depends on. */
  readonly machine: readonly Check[];
  /** What each source can do here. */
  readonly sources: readonly Check[];
}

const OLDEST_DENO = [2, 9] as const;
/** Checks that HTTPS depends on. */
const FOR_HTTPS: ReadonlySet<string> = new Set(["user probes", "TLS libraries"]);
/** Below this much free memory, in MiB, the default ring and the runtime do not fit well. */
const LITTLE_MEMORY = 300;

/** Looks at the machine. Takes about a second, as the eBPF programs are loaded for real. */
export function examine(): Findings {
  const kernel = probe();
  return { kernel: [...kernel, unprivileged()], machine: [denoVersion(), memory()], sources: sources(kernel) };
}

/** The report, with a newline at its end. */
export function report(findings: Findings, colours: boolean, columns: number = outputColumns()): string {
  const paint = picocolors.createColors(colours);
  const parts = [["Capture from the kernel", findings.kernel], ["Runtime", findings.machine], [
    "Sources on this machine",
    findings.sources,
  ]] as const;
  const all = parts.flatMap(([, checks]) => checks);
  const names = Math.max(...all.map(({ name }) => name.length));
  let out = "";
  for (const [title, checks] of parts) {
    const rows = checks.map(({ name, ok, found, fix }) => {
      const mark = ok === true ? paint.green("  ✓") : ok === "warn" ? paint.yellow("  !") : paint.red("  ✗");
      const remedy = fix === undefined ? [] : [(ok === false ? paint.red : paint.yellow)(`→ ${fix}`)];
      return [mark, name.padEnd(names), [...(found === fix ? [] : [found]), ...remedy].join("\n")];
    });
    out += `${paint.bold(title)}\n${table(rows, columns)}\n`;
  }
  return out + verdict(findings, paint) + "\n";
}

function verdict(findings: Findings, paint: ReturnType<typeof picocolors.createColors>): string {
  const bad = findings.kernel.filter(({ ok }) => ok === false).length;
  if (bad === 0) {
    return paint.green("All is ready: mcpsonde shows what MCP peers say, mcpsonde demo shows how that looks.");
  }
  return paint.red(
    `Capture from the kernel cannot work here: ${
      bad === 1 ? "one thing is" : `${bad} things are`
    } missing, see → above.`,
  );
}

function unprivileged(): Check {
  const value = read("/proc/sys/kernel/unprivileged_bpf_disabled");
  const meaning: Record<string, string> = {
    "0": "0: everyone may load some programs, though not these",
    "1": "1: privileged processes only",
    "2": "2: privileged processes only",
  };
  return { name: "unprivileged bpf", ok: true, found: value === undefined ? "unknown" : meaning[value] ?? value };
}

function denoVersion(): Check {
  const [major = 0, minor = 0] = Deno.version.deno.split(".").map(Number);
  const ok = major > OLDEST_DENO[0] || (major === OLDEST_DENO[0] && minor >= OLDEST_DENO[1]);
  const found = `${Deno.version.deno} (${Deno.execPath()})`;
  return ok
    ? { name: "Deno", ok, found }
    : { name: "Deno", ok, found, fix: `use Deno ${OLDEST_DENO.join(".")} or later` };
}

function memory(): Check {
  const { available, total } = Deno.systemMemoryInfo();
  const [free, all] = [available, total].map((size) => Math.round(size / 1024 / 1024)) as [number, number];
  const found = `${free} of ${all} MiB free`;
  if (free >= LITTLE_MEMORY) return { name: "memory", ok: true, found };
  return { name: "memory", ok: "warn", found, fix: "set a smaller ring: --ring-bytes 8388608" };
}

function sources(kernel: readonly Check[]): Check[] {
  const able = kernel.every(({ ok }) => ok !== false);
  const https = kernel.every(({ name, ok }) => ok === true || !FOR_HTTPS.has(name));
  const ebpf: Check = able && !https
    ? { name: "ebpf", ok: "warn", found: "MCP over stdio and HTTP of every process; not all HTTPS" }
    : able
    ? { name: "ebpf", ok: true, found: "MCP over stdio, HTTP and HTTPS of every process" }
    : { name: "ebpf", ok: false, found: "not here", fix: "correct what is marked ✗ above" };
  return [ebpf, { name: "replay", ok: true, found: "what mcpsonde record wrote, here or elsewhere" }];
}

function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path).trim();
  } catch {
    return undefined;
  }
}
