import { afterEach, describe, expect, it } from "vitest";
import { OPENSSL } from "../../../sources/ebpf/tls/functions.ts";
import { type Attacher, type ProbeProgram, TlsProbes } from "../../../sources/ebpf/tls/mod.ts";
import { library, program, run } from "../../bpf/elf/_binaries.ts";

const libssl = library("libssl.so.3");
const python = ["/usr/bin/python3", program("python3")].find((path) =>
  path !== undefined && run(path, ["-c", "import ssl"]) !== undefined
);
const openssl = program("openssl");
const gcc = program("gcc");
const isRoot = Deno.uid() === 0;

/** Probes that OpenSSL 3 has. */
const ALL = [...OPENSSL.needed, ...OPENSSL.extra].reduce((sum, { exit }) => sum + (exit === undefined ? 1 : 2), 0);

/** Takes note of what is attached, as `path program`, and can refuse. */
class Notes {
  readonly attached = new Map<number, { program: ProbeProgram; file: string }>();
  readonly warnings: string[] = [];
  readonly found: string[] = [];
  /** The processes that they were found by. */
  readonly foundBy: number[] = [];
  refuse: (program: ProbeProgram) => boolean = () => false;
  ignore: (pid: number) => boolean = () => false;
  #next = 0;

  probes(linger?: number): TlsProbes {
    const attach: Attacher["attach"] = (program, _onReturn, offsets, path) => {
      if (this.refuse(program)) throw new Error("perf_event_open failed with errno 1");
      const file = Deno.readLinkSync(path);
      const ids = offsets.map(() => this.#next++);
      for (const id of ids) this.attached.set(id, { program, file });
      return () => {
        for (const id of ids) if (!this.attached.delete(id)) throw new Error("detached twice");
      };
    };
    return new TlsProbes({ attach }, {
      warn: (message) => this.warnings.push(message),
      found: (image, pid) => {
        this.found.push(image);
        this.foundBy.push(pid);
      },
      ignored: (pid) => this.ignore(pid),
    }, linger);
  }

  /** Names of programs by file, without repetition. */
  files(): string[] {
    return [...new Set([...this.attached.values()].map(({ file }) => file))];
  }
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A process that runs until the test ends; resolves when it has printed a line. */
async function start(command: string, args: string[], env: Record<string, string> = {}): Promise<Deno.ChildProcess> {
  const child = new Deno.Command(command, { args, env, stdin: "piped", stdout: "piped", stderr: "null" }).spawn();
  const reader = child.stdout.getReader();
  cleanups.push(async () => {
    await stop(child);
    await reader.cancel();
    await child.stdin.abort().catch(() => {});
  });
  await reader.read();
  return child;
}

async function stop(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch { /* it is dead */ }
  await child.status;
}

const PYTHON = "import ssl, sys\nprint('up', flush=True)\nsys.stdin.read()";
const startPython = () => start(python ?? "", ["-c", PYTHON]);

function make(notes: Notes, linger?: number): TlsProbes {
  const probes = notes.probes(linger);
  cleanups.push(() => probes.close());
  return probes;
}

describe("TlsProbes", () => {
  it.skipIf(!isRoot || !python || !libssl)("finds a program that runs already", async () => {
    const child = await startPython();
    const notes = new Notes(), probes = make(notes);
    await probes.scan();
    expect(probes.libraryOf(child.pid)).toBe("openssl");
    expect(notes.files()).toContain(libssl);
    expect(notes.warnings).toEqual([]);
    expect(notes.found.some((image) => /libssl\.so\.3 \(OpenSSL 3\.\S+ or later\)$/.test(image))).toBe(true);
    expect(probes.counts.probes).toBe(notes.attached.size);
    probes.close();
    expect(notes.attached.size).toBe(0);
    expect(probes.counts).toEqual({ images: 0, probes: 0, processes: 0, failed: 0 });
  });

  it.skipIf(!isRoot || !python || !openssl || !libssl)("probes a file once, whoever uses it", async () => {
    const notes = new Notes(), probes = make(notes);
    const first = await startPython();
    probes.executed(first.pid);
    probes.mapped(first.pid, 0, 0);
    await probes.settled();
    expect(notes.attached.size).toBe(ALL);
    const second = await startPython();
    probes.mapped(second.pid, 0, 0);
    await probes.settled();
    expect(notes.attached.size).toBe(ALL);
    expect(probes.counts).toEqual({ images: 1, probes: ALL, processes: 2, failed: 0 });
    expect(notes.foundBy).toEqual([first.pid]);
    probes.exited(first.pid);
    expect(probes.counts.processes).toBe(1);
    expect(probes.libraryOf(second.pid)).toBe("openssl");
  });

  it.skipIf(!isRoot || !python || !libssl)("says nothing of a process without TLS", async () => {
    const child = await start("sh", ["-c", "echo up; read x"]);
    const notes = new Notes(), probes = make(notes);
    probes.executed(child.pid);
    probes.executed(999_999_999);
    await probes.settled();
    expect(probes.libraryOf(child.pid)).toBe(undefined);
    expect([notes.attached.size, notes.warnings, probes.counts.processes]).toEqual([0, [], 0]);
  });

  it.skipIf(!isRoot || !python || !libssl)("leaves out what is to be ignored", async () => {
    const child = await startPython();
    const notes = new Notes(), probes = make(notes);
    notes.ignore = (pid) => pid === child.pid;
    probes.executed(child.pid);
    await probes.settled();
    expect(notes.attached.size).toBe(0);
  });

  it.skipIf(!isRoot || !python || !libssl)(
    "takes probes off a while after the last user went, and puts them on again",
    async () => {
      const notes = new Notes(), probes = make(notes, 200);
      const only = copied();
      const child = await start(python ?? "", ["-c", PYTHON], only.env);
      probes.executed(child.pid);
      await probes.settled();
      expect(notes.files()).toEqual([only.path]);
      await stop(child);
      probes.exited(child.pid);
      expect(notes.attached.size).toBe(ALL);
      await until(() => !notes.files().includes(only.path));
      const again = await start(python ?? "", ["-c", PYTHON], only.env);
      probes.executed(again.pid);
      await probes.settled();
      expect(notes.files()).toContain(only.path);
    },
  );

  it.skipIf(!isRoot || !python || !libssl)("keeps probes for a child of which nobody told", async () => {
    const notes = new Notes(), probes = make(notes, 100);
    const only = copied();
    const fork = "import os\nif os.fork() == 0:\n  print(os.getpid(), flush=True)\n  import time; time.sleep(60)\n";
    const parent = new Deno.Command(python ?? "", {
      args: ["-c", `import ssl, time\n${fork}time.sleep(60)`],
      env: only.env,
      stdout: "piped",
    }).spawn();
    const reader = parent.stdout.getReader();
    const pid = Number(new TextDecoder().decode((await reader.read()).value));
    cleanups.push(() => reader.cancel(), () => kill(pid));
    probes.executed(parent.pid);
    await probes.settled();
    await stop(parent);
    probes.exited(parent.pid);
    expect(probes.libraryOf(pid)).toBe("openssl"); // adopted
    probes.exited(pid); // forgotten again, though it lives
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(notes.files()).toContain(only.path);
    kill(pid);
    await until(() => !notes.files().includes(only.path));
  });

  it.skipIf(!isRoot || !python || !libssl)(
    "finds a library that was deleted, and the one that took its place",
    async () => {
      const notes = new Notes(), probes = make(notes);
      const only = copied();
      const old = await start(python ?? "", ["-c", PYTHON], only.env);
      Deno.removeSync(only.path);
      Deno.copyFileSync(libssl ?? "", only.path);
      const fresh = await start(python ?? "", ["-c", PYTHON], only.env);
      probes.executed(old.pid);
      probes.executed(fresh.pid);
      await probes.settled();
      expect(notes.files().sort()).toEqual([only.path, `${only.path} (deleted)`]);
      expect(notes.attached.size).toBe(2 * ALL);
    },
  );

  it.skipIf(!isRoot || !python || !libssl)("finds a library in another mount namespace", async () => {
    const notes = new Notes(), probes = make(notes);
    const only = copied();
    const command = `mount -t tmpfs none /mnt && cp "$0" /mnt/libssl.so.3 && exec "$1" -c "$2"`;
    const child = await start("unshare", ["-m", "sh", "-c", command, libssl ?? "", python ?? "", PYTHON], {
      LD_LIBRARY_PATH: "/mnt",
    });
    probes.executed(child.pid);
    await probes.settled();
    expect(probes.libraryOf(child.pid)).toBe("openssl");
    expect(notes.found[0]).toMatch(/^\/mnt\/libssl\.so\.3 \(OpenSSL/);
    void only;
  });

  it.skipIf(!isRoot || !python || !libssl)("warns once when probes are refused", async () => {
    const child = await startPython();
    const notes = new Notes(), probes = make(notes);
    notes.refuse = () => true;
    probes.executed(child.pid);
    await probes.settled();
    probes.executed(child.pid);
    await probes.settled();
    expect(notes.warnings.length).toBe(1);
    expect(notes.warnings[0]).toMatch(/libssl\.so\.3: .*OpenSSL.* not seen: a probe was refused \(perf_event_open/);
    expect(probes.counts).toMatchObject({ images: 0, probes: 0, failed: 1 });
    expect(probes.libraryOf(child.pid)).toBe(undefined);
  });

  it.skipIf(!isRoot || !python || !libssl)("does not keep half of a pair", async () => {
    const child = await startPython();
    const notes = new Notes(), probes = make(notes);
    notes.refuse = (program) => program === "ssl_read_ex_exit" || program === "ssl_write_enter";
    probes.executed(child.pid);
    await probes.settled();
    const programs = new Set([...notes.attached.values()].map(({ program }) => program));
    for (const gone of ["ssl_write_enter", "ssl_write_exit", "ssl_read_ex_enter", "ssl_read_ex_exit"] as const) {
      expect(programs.has(gone)).toBe(false);
    }
    expect(notes.attached.size).toBe(ALL - 4);
    expect(notes.warnings[0]).toMatch(/in part only/);
  });

  it.skipIf(!isRoot || !gcc)("finds OpenSSL that is linked in and not exported", async () => {
    const folder = temporary();
    const functions = ["SSL_write", "SSL_read", "SSL_free"].map((name) => `int ${name}(void) { return 1; }`).join("\n");
    Deno.writeTextFileSync(
      `${folder}/a.c`,
      `#include <stdio.h>\n${functions}\nint main() { SSL_write(); puts("up"); fflush(stdout); return getchar(); }\n`,
    );
    expect(run("gcc", ["-O0", "-o", `${folder}/a`, `${folder}/a.c`])).toBe("");
    const notes = new Notes(), probes = make(notes);
    const child = await start(`${folder}/a`, []);
    probes.executed(child.pid);
    await probes.settled();
    expect(probes.libraryOf(child.pid)).toBe("openssl");
    expect([...notes.attached.values()].length).toBe(5);
  });
});

function temporary(): string {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "mcpsonde_tls_" }));
  cleanups.push(() => Deno.removeSync(folder, { recursive: true }));
  return folder;
}

/** A copy of libssl that only the tests' programs use. */
function copied(): { path: string; env: Record<string, string> } {
  const folder = temporary();
  Deno.copyFileSync(libssl ?? "", `${folder}/libssl.so.3`);
  return { path: `${folder}/libssl.so.3`, env: { LD_LIBRARY_PATH: folder } };
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch { /* it is dead */ }
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(condition()).toBe(true);
}
