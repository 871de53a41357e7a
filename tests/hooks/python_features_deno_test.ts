import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { install } from "../e2e/_harness/peers.ts";
import { run } from "../e2e/_harness/process.ts";
import { Client } from "./_python/client.ts";
import { named, read, type Told } from "./_python/events.ts";
import { Place } from "./_python/run.ts";

const LONG = 120_000;
const peer = join(await install("python1"), "python1", "venv", "bin", "python");
const SERVER = new URL("./_python/server.py", import.meta.url).pathname;

/** What audit events say, as `event: arguments`. */
const audits = (told: readonly Told[]) =>
  named(told, "audit").map(({ event }) => `${event.event}: ${(event.args as string[]).join(" ")}`);

describe("the audit events of the Python sensor", () => {
  it("tell what a tool did, and in which call", async () => {
    using place = new Place({ imports: false });
    const target = join(place.folder, "written.txt");
    await using client = await Client.start([peer, SERVER], place.env);
    await client.call("do", {
      code: `
import socket, ctypes, pickle
subprocess.run(["true", "an argument"])
os.system("true # system")
open(${JSON.stringify(target)}, "w").close()
try: open(os.path.expanduser("~/.ssh/id_rsa"))
except OSError: pass
try: socket.create_connection(("127.0.0.1", 9), 1)
except OSError: pass
ctypes.CDLL(None)
pickle.loads(pickle.dumps(os.path.join))
eval("1 + 41")
result = "did it"
`,
    });
    await client.call("echo", { text: "innocent" });
    await client.end();
    const all = named(read(place.spool), "audit"), told = all.filter(({ call }) => call !== undefined);
    expect(new Set(told.map(({ call }) => call?.name))).toEqual(new Set(["do"]));
    expect(new Set(told.map(({ span }) => span)).size).toBe(1);
    const said = audits(told);
    for (
      const wanted of [
        /^subprocess\.Popen: true an argument$/,
        /^os\.system: true # system$/,
        new RegExp(`^open: ${target} write$`),
        /^open: .*\.ssh\/id_rsa read$/,
        /^socket\.connect: 127\.0\.0\.1 9$/,
        /^ctypes\.dlopen: /,
        /^pickle\.find_class: posixpath join$/,
        /^compile: <string> 1 \+ 41 /,
        /^exec: <string> /,
      ]
    ) expect(said).toContainEqual(expect.stringMatching(wanted));
  }, LONG);

  it("are told as one with a count where they are many, and cost the program little", async () => {
    using place = new Place({ imports: false });
    const code = "import os\nfor k in range(5000): open(os.environ['HOME'] + '/same', 'w').close()\n" +
      "for k in range(5000): open(os.environ['HOME'] + f'/other{k}', 'w').close()\n";
    const { stderr } = await run(["python3", place.file("many.py", code)], { env: place.env, clearEnv: true });
    expect(stderr).toBe("");
    const opened = named(read(place.spool), "audit").filter(({ event }) => event.event === "open");
    expect(opened.length).toBeLessThan(600);
    const counted = opened.reduce((sum, { event }) => sum + Number(event.count ?? 1), 0);
    expect(counted).toBe(10_000);
  }, LONG);
});

describe("the imports of the Python sensor", () => {
  it("have the package, its version, and the hash of what was loaded; of what was there before, too", async () => {
    using place = new Place({ audit: false });
    await run([peer, "-c", "import mcp.types"], { env: place.env, clearEnv: true });
    const told = named(read(place.spool), "import");
    const types = told.find(({ event }) => event.fullname === "mcp.types")?.event;
    expect(types).toMatchObject({ pkg: "mcp", version: "1.30.0", hash_changed: false, recorded: true });
    expect(types?.sha256).toMatch(/^[0-9a-f]{64}$/);
    const core = told.find(({ event }) => event.fullname === "pydantic_core._pydantic_core")?.event;
    const sum = await crypto.subtle.digest("SHA-256", Deno.readFileSync(String(core?.file)));
    expect(core?.sha256).toBe(new Uint8Array(sum).toHex());
    expect(told.filter(({ event }) => event.hash_changed === true)).toEqual([]);
    expect(told.some(({ event }) => event.fullname === "site" || event.before_sensor === true)).toBe(true);
    expect(told.length).toBeGreaterThan(200);
  }, LONG);

  it("say that a file is not what the package's RECORD has, though it was put back at once", async () => {
    using place = new Place({ audit: false });
    const venv = join(place.folder, "venv"), own = join(venv, "bin", "python");
    await run(["python3", "-m", "venv", "--without-pip", venv]);
    const site = [...Deno.readDirSync(join(venv, "lib"))].map(({ name }) =>
      join(venv, "lib", name, "site-packages")
    )[0] ?? "";
    Deno.mkdirSync(join(site, "thing"));
    Deno.mkdirSync(join(site, "thing-1.2.dist-info"));
    const clean = "VALUE = 1\n", bytes = new TextEncoder().encode(clean);
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toBase64({
      alphabet: "base64url",
      omitPadding: true,
    });
    Deno.writeTextFileSync(
      join(site, "thing-1.2.dist-info", "RECORD"),
      `thing/__init__.py,sha256=${sum},${bytes.length}\nthing/a.py,sha256=${sum},${bytes.length}\n`,
    );
    Deno.writeTextFileSync(join(site, "thing", "a.py"), clean);
    // The file cleans itself up: what is on the disk afterwards is what RECORD says.
    Deno.writeTextFileSync(join(site, "thing", "__init__.py"), `open(__file__, "w").write(${JSON.stringify(clean)})\n`);
    await run([own, "-B", "-c", "import thing.a"], { env: place.env, clearEnv: true });
    expect(Deno.readTextFileSync(join(site, "thing", "__init__.py"))).toBe(clean);
    const told = named(read(place.spool), "import").map(({ event }) => event);
    expect(told.find(({ fullname }) => fullname === "thing")).toMatchObject({
      pkg: "thing",
      version: "1.2",
      hash_changed: true,
    });
    expect(told.find(({ fullname }) => fullname === "thing.a")).toMatchObject({ hash_changed: false, recorded: true });
  }, LONG);
});

describe("the messages of the Python sensor", () => {
  it("have no secrets in them, and id 0 in them", async () => {
    using place = new Place({ imports: false });
    await using client = await Client.start([peer, SERVER], place.env);
    const secret = "ghp_" + "a1B2".repeat(9);
    await client.call("echo", { text: `use ${secret}, password=hunter22x please` });
    await client.end();
    const told = read(place.spool), text = JSON.stringify(told);
    expect(text).not.toContain(secret);
    expect(text).not.toContain("hunter22x");
    expect(text).toContain("<github_token>");
    const initialize = named(told, "mcp_event").filter(({ event }) => event.id === 0);
    expect(initialize.map(({ event }) => event.event)).toEqual(["server_received_request", "server_send_response"]);
  }, LONG);
});
