/** A real Prometheus, in a temporary folder and on a free port. */
import { join } from "node:path";
import { install } from "./peers.ts";
import { run, until } from "./process.ts";

/** Why there is none, or false: for `describe.skipIf`. */
export const noPrometheus: string | false = await (async () => {
  const { code } = await run(["apt-cache", "show", "prometheus"]).catch(() => ({ code: 1 }));
  return code === 0 ? false : "no package prometheus, which not every release has";
})();

/** A server that runs. */
export interface Prometheus {
  /** What it answers to a question in PromQL: labels and value. */
  query(text: string): Promise<readonly { readonly metric: Record<string, string>; readonly value: number }[]>;
  /** What it makes of the target: `up`, `down` and the last error. */
  target(): Promise<{ readonly health: string; readonly lastError: string }>;
  stop(): Promise<void>;
}

/** Starts one that scrapes an address each second, with a token. */
export async function prometheus(target: string, token: string): Promise<Prometheus> {
  const bin = join(await install("prometheus"), "prometheus/usr/bin");
  const dir = await Deno.makeTempDir({ prefix: "mcpsonde-prometheus-" });
  await Deno.writeTextFile(join(dir, "token"), token);
  await Deno.writeTextFile(
    join(dir, "prometheus.yml"),
    `global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: mcpsonde
    authorization: { credentials_file: ${dir}/token }
    static_configs: [{ targets: ["${target}"] }]
`,
  );
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  free.close();
  const child = new Deno.Command(join(bin, "prometheus"), {
    args: [
      `--config.file=${dir}/prometheus.yml`,
      `--storage.tsdb.path=${dir}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const ask = async (path: string) => (await (await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)).json()).data;
  await until("Prometheus answers", () => ask("targets").catch(() => undefined), 30_000);
  return {
    async query(text) {
      const { result } = await ask(`query?query=${encodeURIComponent(text)}`);
      return result.map(({ metric, value }: { metric: Record<string, string>; value: [number, string] }) => {
        return { metric, value: Number(value[1]) };
      });
    },
    async target() {
      return (await ask("targets")).activeTargets[0] ?? { health: "unknown", lastError: "" };
    },
    async stop() {
      child.kill("SIGTERM");
      await child.status;
      await Deno.remove(dir, { recursive: true });
    },
  };
}

/** What `promtool check metrics` says of a text; empty if all is well. */
export async function promtoolCheck(text: string): Promise<string> {
  const program = join(await install("prometheus"), "prometheus/usr/bin/promtool");
  const child = new Deno.Command(program, {
    args: ["check", "metrics"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return code === 0 ? said : said || `it ended with ${code}`;
}
