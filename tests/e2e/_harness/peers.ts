/** Real clients and servers, and what they said to each other by their own account. */
import { join } from "node:path";
import { REPOSITORY } from "./machine.ts";
import { run, type StartOptions } from "./process.ts";

const PEERS = `${REPOSITORY}tests/e2e/peers/`;

/** One message as its sender, or the client for both, recorded it. */
export interface Sent {
  readonly session: string;
  readonly client: number | null;
  readonly server: number | null;
  readonly from: "client" | "server";
  readonly raw: string;
}

/** Installs peers (once) and gives the folder that they are in. */
export async function install(...peers: string[]): Promise<string> {
  const { code, stdout, stderr } = await run([`${PEERS}install.sh`, ...peers]);
  if (code !== 0) throw new Error(`peers ${peers.join(", ")} could not be installed: ${stderr}`);
  return stdout.trim();
}

/** A peer whose session is being held. */
export interface Session {
  /** Waits for its end; fails if it failed. */
  ended(): Promise<void>;
  /** What was sent so far. */
  truth(): Promise<readonly Sent[]>;
}

/** Starts a client, which starts its server. */
export async function start(command: readonly string[], options: StartOptions = {}): Promise<Session> {
  const file = await Deno.makeTempFile({ prefix: "mcpsonde-truth-" });
  const ended = run(command, { ...options, env: { ...options.env, TRUTH: file } });
  return {
    async ended(): Promise<void> {
      const { code, stdout, stderr } = await ended;
      if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${stdout} ${stderr}`);
    },
    async truth(): Promise<readonly Sent[]> {
      const text = await Deno.readTextFile(file);
      const lines = text.split("\n").filter((line) => line !== "");
      return lines.map((line) => JSON.parse(line)).map((sent) => ({
        session: `${sent.client}:${sent.server}`,
        ...sent,
      }));
    },
  };
}

/** Runs a client to its end. */
export async function hold(command: readonly string[], options: StartOptions = {}): Promise<readonly Sent[]> {
  const session = await start(command, options);
  await session.ended();
  return await session.truth();
}

/** The command of a scenario of peers/raw/pair.py. */
export function pair(scenario: string, ...args: (string | number)[]): string[] {
  return ["python3", join(PEERS, "raw", "pair.py"), scenario, ...args.map(String)];
}
