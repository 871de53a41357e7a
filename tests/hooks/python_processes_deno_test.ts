import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../e2e/_harness/process.ts";
import { assertWhole, files, named, read } from "./_python/events.ts";
import { PACKAGE, Place } from "./_python/run.ts";

const LONG = 120_000;
const python = (place: Place, args: readonly string[], env: Record<string, string> = {}) =>
  run(["python3", ...args], { env: { ...place.env, ...env }, clearEnv: true, cwd: place.folder });

describe("the Python sensor and processes", () => {
  it("follows children by subprocess, os.fork, and multiprocessing by fork, spawn and forkserver", async () => {
    using place = new Place();
    const script = place.file(
      "parent.py",
      `
import multiprocessing, os, subprocess, sys

def work(name):
    exec(f"{name} = 1")

if __name__ == "__main__":
    subprocess.run([sys.executable, "-c", "exec('by_subprocess = 1')"], check=True)
    if os.fork() == 0:
        exec("by_fork = 1")
        os._exit(0)
    os.wait()
    for method in ("fork", "spawn", "forkserver"):
        process = multiprocessing.get_context(method).Process(target=work, args=(f"by_{method}_process",))
        process.start()
        process.join()
        assert process.exitcode == 0
    print("done")
`,
    );
    const { code, stdout, stderr } = await python(place, ["-W", "error", script]);
    expect([code, stdout, stderr]).toEqual([0, "done\n", ""]);
    const told = read(place.spool), text = JSON.stringify(named(told, "audit"));
    for (const name of ["by_fork", "by_fork_process", "by_spawn_process", "by_forkserver_process"]) {
      expect(text).toContain(`${name} = 1`);
    }
    const started = named(told, "sensor_startup");
    expect(started.length).toBeGreaterThanOrEqual(6);
    expect(new Set(started.map(({ pid }) => pid)).size).toBe(started.length);
    // Each process counts its own events from 0.
    assertWhole(told);
  }, LONG);

  it("has a file for each of 100 processes that run at once, and none is torn", async () => {
    using place = new Place();
    const script = place.file("one.py", `import json, decimal\nfor k in range(50): exec(f"x{k} = {k}")\n`);
    const ended = await Promise.all(Array.from({ length: 100 }, () => python(place, [script])));
    expect(ended.filter(({ code, stderr }) => code !== 0 || stderr !== "")).toEqual([]);
    expect(files(place.spool)).toHaveLength(100);
    assertWhole(read(place.spool));
  }, LONG);

  it("stands a storm of forks, from several threads, with a full queue", async () => {
    using place = new Place({ imports: false, queue: { max_events: 256, max_bytes: 1_048_576 } });
    const script = place.file(
      "storm.py",
      `
import os, threading

def storm():
    for _ in range(40):
        for k in range(20):
            open(os.devnull + "", "rb").close()
            exec(f"y = {k}")
        pid = os.fork()
        if pid == 0:
            exec("in_child = 1")
            os._exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7

threads = [threading.Thread(target=storm) for _ in range(4)]
for each in threads: each.start()
for each in threads: each.join()
print("calm")
`,
    );
    // From 3.12 on Python itself warns of forks in a program of many threads.
    const { code, stdout, stderr } = await python(place, ["-W", "ignore::DeprecationWarning", script]);
    expect([code, stdout, stderr]).toEqual([0, "calm\n", ""]);
    const told = read(place.spool);
    const started = named(told, "sensor_startup");
    expect(started).toHaveLength(161);
    expect(new Set(started.map(({ file }) => file)).size).toBe(161);
    assertWhole(told);
  }, LONG);

  it("runs a program by `python -m mcpsonde_sensor`, which sees itself as it is", async () => {
    using place = new Place();
    const script = place.file(
      "plain.py",
      "import sys, __main__\nprint(sys.argv, __name__, __main__.__file__, sys.flags.dev_mode)\n",
    );
    const env = { PYTHONPATH: PACKAGE };
    const { stdout } = await python(place, ["-X", "dev", "-m", "mcpsonde_sensor", script, "-m", "x"], env);
    const bare = await python(place, ["-X", "dev", script, "-m", "x"], { PYTHONPATH: "", MCPSONDE_OFF: "1" });
    expect(stdout).toBe(bare.stdout);
    const module = await python(place, ["-m", "mcpsonde_sensor", "-m", "json.tool", "--help"], env);
    expect(module.stdout).toContain("json.tool");
    expect(named(read(place.spool), "sensor_startup")).toHaveLength(2);
    expect((await python(place, ["-m", "mcpsonde_sensor", "no_such.py"], env)).code).toBe(2);
  }, LONG);

  it("leaves a sitecustomize that was there its turn, and its faults their words", async () => {
    using place = new Place();
    Deno.mkdirSync(join(place.folder, "site"));
    place.file("site/sitecustomize.py", "import sys; sys.was_there = True\n");
    const path = `${place.env.PYTHONPATH}:${join(place.folder, "site")}`;
    const { stdout } = await python(place, [
      "-c",
      "import sys, sitecustomize; print(sys.was_there, sitecustomize.__file__)",
    ], {
      PYTHONPATH: path,
    });
    expect(stdout).toBe(`True ${join(place.folder, "site", "sitecustomize.py")}\n`);
    place.file("site/sitecustomize.py", "raise ValueError('theirs')\n");
    const { stderr } = await python(place, ["-c", "pass"], { PYTHONPATH: path });
    expect(stderr).toContain("theirs");
  }, LONG);

  it("starts by a .pth file in a virtual environment, until it is uninstalled", async () => {
    using place = new Place();
    const venv = join(place.folder, "venv"), own = join(venv, "bin", "python"), off = { MCPSONDE_OFF: "1" };
    const inside = (args: readonly string[], env: Record<string, string> = {}) =>
      run([own, ...args], { env: { ...place.env, PYTHONPATH: "", ...env }, clearEnv: true, cwd: place.folder });
    await run(["python3", "-m", "venv", "--without-pip", venv]);
    const install = await inside(["-m", "mcpsonde_sensor", "install"], { PYTHONPATH: PACKAGE, ...off });
    expect(install).toMatchObject({ code: 0, stderr: "" });
    expect(await inside(["-c", "print(1)"])).toEqual({ code: 0, stdout: "1\n", stderr: "" });
    expect(await inside(["-c", "print(2)"], off)).toEqual({ code: 0, stdout: "2\n", stderr: "" });
    expect(named(read(place.spool), "sensor_startup")).toHaveLength(1);
    await inside(["-m", "mcpsonde_sensor", "uninstall"], { PYTHONPATH: PACKAGE, ...off });
    await inside(["-c", "print(3)"]);
    expect(named(read(place.spool), "sensor_startup")).toHaveLength(1);
  }, LONG);

  it("does nothing with MCPSONDE_OFF=1, and hides what it needs from signals, threads and exits", async () => {
    using place = new Place();
    const code = `
import os, signal, sys, threading
assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
assert signal.signal(signal.SIGTERM, signal.SIG_IGN) is signal.SIG_DFL
assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
os.kill(os.getpid(), signal.SIGTERM)
assert signal.signal(signal.SIGTERM, signal.SIG_DFL) is signal.SIG_IGN
assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
assert threading.active_count() == 1
assert "bootstrap" not in " ".join(sys.path)
print("as ever")
sys.exit(5)
`;
    for (const env of [{}, { MCPSONDE_OFF: "1" }]) {
      expect(await python(place, ["-c", code], env)).toEqual({ code: 5, stdout: "as ever\n", stderr: "" });
    }
    expect(files(place.spool)).toHaveLength(1);
  }, LONG);
});
