/**
 * Runs inside the virtual machine: both backends load; a message through a pipe and one of 500 KB are seen whole, and a
 * request and its answer over HTTP and over HTTPS are seen once each.
 *
 * @module
 */
import type { Context } from "../../pipeline/component.ts";
import ebpf from "../../sources/ebpf/mod.ts";
import { objectUrl } from "../../sources/ebpf/kernel.ts";
import { probe } from "../../sources/ebpf/probe.ts";

const print = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));

const checks = probe();
for (const check of checks) print(`${check.ok === true ? "ok  " : "FAIL"} ${check.name}: ${check.found}`);
if (checks.some((check) => check.ok !== true)) tellWhy();

/** What the verifier says. */
function tellWhy(): void {
  const script = "mount -t bpf b /sys/fs/bpf; bpftool prog loadall $0 /sys/fs/bpf/x 2>&1 | tail -60";
  const { stdout } = new Deno.Command("sh", { args: ["-c", script, objectUrl(Deno.build.arch).pathname] }).outputSync();
  print(new TextDecoder().decode(stdout));
}

/** A process that writes to its child through a pipe: a short message, and one larger than the pipe. */
const PAIR = `
import json, os
r, w = os.pipe()
if os.fork() == 0:
    os.close(w)
    while os.read(r, 65536): pass
    os._exit(0)
os.close(r)
for params in ("", "y" * 500000):
    with os.fdopen(os.dup(w), "w") as out: out.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "x", "params": params}) + "\\n")
os.close(w)
os.wait()
`;

/** A request over HTTP and one over HTTPS, each to a server in another process. */
const WEB = `
import os, socket, ssl, subprocess, tempfile, time
body = b'{"jsonrpc":"2.0","id":1,"method":"x"}'
def text(head): return head + b"\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body
os.chdir(tempfile.mkdtemp())
subprocess.run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -keyout key -out cert".split(), stderr=-3)
def tls(side):
    context = ssl.SSLContext(side)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if side == ssl.PROTOCOL_TLS_SERVER: context.load_cert_chain("cert", "key")
    return context
time.sleep(8) # until this program's library has its probes
for secure in (False, True):
    listener = socket.create_server(("127.0.0.1", 0))
    if os.fork() == 0:
        peer = listener.accept()[0]
        if secure: peer = tls(ssl.PROTOCOL_TLS_SERVER).wrap_socket(peer, server_side=True)
        peer.recv(65536)
        peer.sendall(text(b"HTTP/1.1 200 OK"))
        os._exit(0)
    peer = socket.create_connection(listener.getsockname())
    if secure: peer = tls(ssl.PROTOCOL_TLS_CLIENT).wrap_socket(peer)
    peer.sendall(text(b"POST /mcp HTTP/1.1"))
    peer.recv(65536)
    os.wait()
`;

/** Bytes of JSON-RPC that the child's pipe carries, as seen; and the chunks of HTTP by medium. */
async function captured(backend: "tp_btf" | "raw_tp"): Promise<{ pipe: number; tcp: number; tls: number }> {
  const stop = new AbortController();
  const log = { info: (text: string) => /capturing/.test(text) ? void talk() : print(text), warn: print, error: print };
  const context: Context = {
    name: "kernel",
    signal: stop.signal,
    log,
    metrics: { dropped() {}, error() {}, set() {} },
  };
  async function talk(): Promise<void> {
    for (const program of [PAIR, WEB]) {
      const { stderr } = await new Deno.Command("python3", { args: ["-c", program], stdout: "null" }).output();
      print(new TextDecoder().decode(stderr));
    }
    setTimeout(() => stop.abort(), 3000);
  }
  const seen = { pipe: 0, tcp: 0, tls: 0 };
  const options = ebpf.options.parse({ backend, own_children: true });
  for await (const batch of await ebpf.create(options, context)) {
    for (const event of batch) {
      if (event.kind !== "chunk" || event.end === event.start) continue;
      const { medium } = event.stream;
      if (medium === "pipe") seen.pipe += event.end - event.start;
      else if (medium === "tcp" || medium === "tls") seen[medium]++;
    }
  }
  return seen;
}

let ok = true;
for (const backend of ["tp_btf", "raw_tp"] as const) {
  const { pipe, tcp, tls } = await captured(backend);
  print(`${backend}: ${pipe} bytes by pipe, ${tcp} chunks by TCP, ${tls} by TLS`);
  ok &&= pipe > 500_000 && tcp >= 2 && tls >= 2;
}
print(ok ? "VM OK" : "VM FAILED");
