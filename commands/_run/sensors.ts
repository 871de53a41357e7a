/**
 * The environment that brings the sensors into a program and its children (hooks/README.md).
 *
 * @module
 */
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

type Env = Readonly<Record<string, string | undefined>>;

const PYTHON = fileURLToPath(new URL("../../hooks/python/mcpsonde_sensor/bootstrap", import.meta.url));
const NODE = fileURLToPath(new URL("../../hooks/node/sensor.cjs", import.meta.url));

/** Where the sensors are to write. */
export interface Place {
  readonly socket: string;
  /** The folder for when the socket cannot be written to. */
  readonly spool: string;
}

/** What to set besides what there is. */
export function sensorEnvironment(env: Env, { socket, spool }: Place): Record<string, string> {
  const paths = (env["PYTHONPATH"] ?? "").split(delimiter).filter((path) => path !== "" && path !== PYTHON);
  return {
    MCPSONDE_SOCKET: socket,
    MCPSONDE_SPOOL: spool,
    PYTHONPATH: [PYTHON, ...paths].join(delimiter),
    NODE_OPTIONS: [env["NODE_OPTIONS"], requireOption()].filter(Boolean).join(" "),
  };
}

/** `--require`, quoted as Node wants it. */
function requireOption(): string {
  const path = NODE.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return /[\s"\\]/.test(path) ? `"--require=${path}"` : `--require=${path}`;
}
