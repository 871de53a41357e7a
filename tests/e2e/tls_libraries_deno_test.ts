/** TLS libraries that are not where one would look: in another mount namespace, replaced on disk, opened late. */
import { beforeAll, describe, it, onTestFinished } from "vitest";
import { join } from "node:path";
import { certificates } from "./_harness/certificates.ts";
import { expectHttp, mark } from "./_harness/http_compare.ts";
import type { HttpSent } from "./_harness/http_peers.ts";
import { noCapture, REPOSITORY } from "./_harness/machine.ts";
import { HTTP, Monitor } from "./_harness/monitor.ts";
import { hold } from "./_harness/peers.ts";
import { run } from "./_harness/process.ts";

const RAW = join(REPOSITORY, "tests/e2e/peers/raw/http_pair.py");
/** Debian's own Python links libssl; others may have it within. */
const PYTHON = "/usr/bin/python3";
/** Opens a library, deletes its file as an upgrade does, and then runs a script. */
const UPGRADE = `import ctypes, os, runpy, sys
ctypes.CDLL(sys.argv[1])
os.unlink(sys.argv[1])
sys.argv = sys.argv[2:]
sys.path.insert(0, os.path.dirname(sys.argv[0]))
runpy.run_path(sys.argv[0], run_name="__main__")`;

const noNamespaces = await run(["unshare", "-m", "-n", "true"]).then(
  ({ code, stderr }) => code === 0 ? false : `no namespaces of its own: ${stderr.trim()}`,
);
const library = await libssl();
const noLibrary = library === undefined ? `${PYTHON} maps no libssl` : false;

/** Path of the libssl that Python maps. */
async function libssl(): Promise<string | undefined> {
  const script = "import ssl; print(next((l.split()[-1] for l in open('/proc/self/maps') if 'libssl' in l), ''))";
  const { code, stdout } = await run([PYTHON, "-c", script]).catch(() => ({ code: 1, stdout: "" }));
  return code === 0 && stdout.trim() !== "" ? await Deno.realPath(stdout.trim()) : undefined;
}

describe.skipIf(noCapture || noLibrary)("TLS libraries", () => {
  let monitor: Monitor;

  beforeAll(async () => {
    monitor = await Monitor.start({ transforms: HTTP });
    await monitor.seesTls();
    return () => monitor[Symbol.asyncDispose]();
  });

  async function see(command: readonly string[]): Promise<void> {
    const { server, client } = await certificates();
    const from = await mark(monitor);
    const truth = await hold(command, { env: { ...server, ...client } });
    await expectHttp(monitor, from, truth.map((sent): HttpSent => ({ ...sent, transport: "http" })), {
      tls: "openssl",
    });
  }

  it.skipIf(noNamespaces)("sees a library that exists in another mount and network namespace only", async () => {
    const folder = await Deno.makeTempDir({ prefix: "mcpsonde-libssl-" });
    onTestFinished(() => Deno.remove(folder, { recursive: true }));
    const copy = join(folder, "libssl.so");
    await Deno.copyFile(library ?? "", copy);
    // The copy's inode is bound over the library's path, and the folder that it came from is hidden.
    const script = 'mount --bind "$1" "$2" && mount -t tmpfs none "$3" && ip link set lo up && shift 3 && exec "$@"';
    await see([
      "unshare",
      "-m",
      "-n",
      "sh",
      "-c",
      script,
      "sh",
      copy,
      library ?? "",
      folder,
      PYTHON,
      RAW,
      "calls",
      "tls",
    ]);
  });

  it("sees a library that was replaced on disk while it is mapped", async () => {
    const folder = await Deno.makeTempDir({ prefix: "mcpsonde-libssl-" });
    onTestFinished(() => Deno.remove(folder, { recursive: true }));
    const copy = join(folder, "libssl.so.3");
    await Deno.copyFile(library ?? "", copy);
    await see([PYTHON, "-c", UPGRADE, copy, RAW, "calls", "tls"]);
  });
});
