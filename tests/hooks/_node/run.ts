/** Programs with the Node sensor in them. */
import { REPOSITORY } from "../../e2e/_harness/machine.ts";
import { install } from "../../e2e/_harness/peers.ts";
import { run } from "../../e2e/_harness/process.ts";
import { Client } from "../_python/client.ts";
import { Place } from "../_python/run.ts";

/** What `NODE_OPTIONS` brings the sensor with. */
export const REQUIRE = `--require=${REPOSITORY}hooks/node/sensor.cjs`;
/** The module for `--import` and `--preload`. */
export const REGISTER = `${REPOSITORY}hooks/node/register.mjs`;
/** Scripts without an SDK. */
export const HERE = `${REPOSITORY}tests/hooks/_node/`;

/** The folders of the SDKs' peers. */
export async function peers(...names: string[]): Promise<string> {
  return await install(...names);
}

/** A folder of a test's own, with a spool, and an environment that brings the sensor. */
export class NodePlace extends Place {
  constructor(config?: unknown) {
    super(config);
    delete this.env.PYTHONPATH;
    this.env.NODE_OPTIONS = REQUIRE;
    this.env.ROOM = this.folder;
  }

  /** Runs a program to its end, which has to be a good one, and silent on stderr. */
  async run(command: readonly string[], env: Record<string, string> = {}, cwd?: string): Promise<string> {
    const ended = await run(command, {
      env: { ...this.env, ...env },
      clearEnv: true,
      ...(cwd === undefined ? {} : { cwd }),
    });
    if (ended.code !== 0 || ended.stderr !== "") {
      throw new Error(`${command.join(" ")} ended with ${ended.code}: ${ended.stdout} ${ended.stderr}`);
    }
    return ended.stdout;
  }
}

/** Starts a server over stdio, in the place's environment. */
export function start(place: NodePlace, script: string, env: Record<string, string> = {}): Promise<Client> {
  return Client.start(["node", script], { ...place.env, ...env });
}
