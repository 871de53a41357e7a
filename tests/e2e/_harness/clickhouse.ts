/** A real ClickHouse, in a temporary folder and on a free port. */
import { join } from "node:path";
import { install } from "./peers.ts";
import { run, until } from "./process.ts";

/** Its user may do everything, with this password. */
export const USER = "writer", PASSWORD = "s3cret & more";

/** Why there is none, or false: for `describe.skipIf`. */
export const noClickHouse: string | false = await (async () => {
  const { stdout } = await run(["ldconfig", "-p"]).catch(() => ({ stdout: "" }));
  return stdout.includes("libclickhouse") ? false : "no clickhouse-common, which not every release has";
})();

/** A server that runs. */
export interface ClickHouse {
  readonly url: string;
  /** Runs a statement and gives its rows; fails with what the server says. */
  query(sql: string): Promise<string[][]>;
  stop(): Promise<void>;
}

const users = `<yandex><profiles><default></default></profiles><quotas><default></default></quotas><users><${USER}>
<password>${PASSWORD.replace("&", "&amp;")}</password><networks><ip>127.0.0.1</ip></networks>
<profile>default</profile><quota>default</quota></${USER}></users></yandex>`;

/** Starts one, with an empty folder. */
export async function clickhouse(port: number = freePort()): Promise<ClickHouse> {
  const program = join(await install("clickhouse"), "clickhouse/usr/sbin/clickhouse-server");
  const dir = await Deno.makeTempDir({ prefix: "mcpsonde-clickhouse-" });
  await Deno.writeTextFile(join(dir, "users.xml"), users);
  await Deno.writeTextFile(
    join(dir, "config.xml"),
    `<yandex><logger><level>error</level><console>1</console></logger><listen_host>127.0.0.1</listen_host>
<http_port>${port}</http_port><path>${dir}/data/</path><tmp_path>${dir}/data/tmp/</tmp_path>
<users_config>${dir}/users.xml</users_config><default_profile>default</default_profile>
<default_database>default</default_database><mark_cache_size>100000000</mark_cache_size></yandex>`,
  );
  const child = new Deno.Command(program, {
    args: [`--config-file=${dir}/config.xml`],
    cwd: dir,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}`;
  const headers = { "x-clickhouse-user": USER, "x-clickhouse-key": PASSWORD };
  const query = async (sql: string) => {
    const response = await fetch(url, { method: "POST", headers, body: sql });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text.split("\n").slice(0, -1).map((row) => row.split("\t"));
  };
  await until("ClickHouse answers", () => query("SELECT 1").catch(() => undefined), 30_000);
  return {
    url,
    query,
    async stop() {
      child.kill("SIGTERM");
      await child.status;
      await Deno.remove(dir, { recursive: true });
    },
  };
}

/** A port that nobody has at the moment. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}
