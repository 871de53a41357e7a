import { describe, expect, it } from "vitest";
import { has, LAUNCHER, run, temporary } from "./_cli.ts";

/** What the launcher itself calls, besides what it is about. */
const TOOLS = [
  "sh",
  "dash",
  "dirname",
  "readlink",
  "sed",
  "cut",
  "id",
  "getent",
  "mkdir",
  "chmod",
  "ln",
  "mktemp",
  "tail",
];

/** A folder of programs that is a whole PATH: the usual tools, and scripts with the given text. */
async function bin(folder: string, scripts: Readonly<Record<string, string>>): Promise<string> {
  const path = `${folder}/bin`;
  await Deno.mkdir(path);
  for (const tool of TOOLS) {
    const { stdout } = await run(["-c", `command -v ${tool} || true`], { program: "/bin/sh" });
    if (stdout.trim() !== "") await Deno.symlink(stdout.trim(), `${path}/${tool}`);
  }
  for (const [name, text] of Object.entries(scripts)) {
    await Deno.writeTextFile(`${path}/${name}`, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  return path;
}

/** An npm that installs the Deno which runs this test. */
const NPM = `
while [ "$1" != --prefix ]; do shift; done
mkdir -p "$2/node_modules/@deno/linux-x64-glibc"
printf '#!/bin/sh\\nexec "${Deno.execPath()}" "$@"\\n' > "$2/node_modules/@deno/linux-x64-glibc/deno"
`;
const OLD_DENO = `echo "deno 2.8.3 (stable, release)"`;

describe("the launcher", () => {
  it("passes arguments and the exit code through", async () => {
    expect((await run(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await run(["no-such-command"])).code).toBe(2);
    expect((await run(["--yes", "no-such-command"])).code).toBe(2);
  });

  it("works from any folder, through symlinks of every kind, with spaces in the path", async ({ onTestFinished }) => {
    const folder = `${await temporary(onTestFinished)}/a b`;
    await Deno.mkdir(`${folder}/deep`, { recursive: true });
    await Deno.symlink(LAUNCHER, `${folder}/absolute`);
    await Deno.symlink("../absolute", `${folder}/deep/relative`);
    const direct = await run(["--version"]);
    expect(await run(["--version"], { program: `${folder}/deep/relative`, cwd: "/" })).toEqual(direct);
    expect(await run(["-c", "./relative --version"], { program: "/bin/sh", cwd: `${folder}/deep` })).toEqual(direct);
    const env = { PATH: `${folder}:${Deno.env.get("PATH")}` };
    expect(await run(["-c", "absolute --version"], { program: "/bin/sh", env })).toEqual(direct);
  });

  it("runs under dash and bash", async () => {
    for (const shell of ["dash", "bash"]) {
      if (!await has(shell)) continue;
      const { code, stderr } = await run([LAUNCHER, "--version"], { program: shell });
      expect([code, stderr]).toEqual([0, ""]);
    }
  });

  it("gets Deno from npm into its own folder when there is none, and only once", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    const env = { PATH: await bin(folder, { npm: NPM }), HOME: folder, XDG_CACHE_HOME: "" };
    const first = await run(["--yes", "--version"], { env });
    expect(first.stderr).toBe(`mcpsonde: getting Deno 2.9.6 from npm into ${folder}/.cache/mcpsonde/deno\n`);
    expect(first.stdout).toMatch(/^\d/);
    expect(await run(["--version"], { env })).toEqual({ ...first, stderr: "" });
  });

  it("gets Deno where the one that is there is too old", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    const env = { PATH: await bin(folder, { npm: NPM, deno: OLD_DENO }), HOME: folder, XDG_CACHE_HOME: "" };
    expect((await run(["--yes", "--version"], { env })).stderr).toContain("getting Deno");
  });

  it("installs nothing unasked: says what is missing and how to allow it", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    const env = { PATH: await bin(folder, { npm: NPM }), HOME: folder, XDG_CACHE_HOME: "" };
    const { code, stderr } = await run(["demo"], { env });
    expect(code).toBe(3);
    expect(stderr).toContain("lacks Deno 2.9 or later");
    expect(stderr).toContain("./mcpsonde --yes demo");
  });

  it("says so when the installation fails", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    const env = { PATH: await bin(folder, { npm: "echo no network >&2; exit 1" }), HOME: folder, XDG_CACHE_HOME: "" };
    const { code, stderr } = await run(["--yes", "--version"], { env });
    expect(code).toBe(3);
    expect(stderr).toContain("no network");
    expect(stderr).toContain("Deno could not be installed");
  });

  it("takes npm from the system's packages where it is missing", async ({ onTestFinished }) => {
    const folder = await temporary(onTestFinished);
    const path = `${folder}/bin`;
    const apt = `echo "$*" >> "${folder}/apt.log"
      case "$*" in update*) exit 0 ;; esac
      [ -e "${folder}/updated" ] || { : > "${folder}/updated"; exit 100; }
      cp "${folder}/npm" "${path}/npm"`;
    await bin(folder, { "apt-get": apt, cp: `exec /bin/cp "$@"`, sudo: `exec "$@"` });
    await Deno.writeTextFile(`${folder}/npm`, `#!/bin/sh\n${NPM}`, { mode: 0o755 });
    const { code } = await run(["--yes", "--version"], { env: { PATH: path, HOME: folder, XDG_CACHE_HOME: "" } });
    expect(code).toBe(0);
    const install = "install --yes --quiet --no-install-recommends npm ca-certificates";
    expect((await Deno.readTextFile(`${folder}/apt.log`)).trim().split("\n")).toEqual([
      install,
      "update --quiet",
      install,
    ]);
  });
});
