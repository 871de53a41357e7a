/** Programs with the Python sensor in them. */
import { join } from "node:path";
import { REPOSITORY } from "../../e2e/_harness/machine.ts";

/** The folder that starts the sensor, on PYTHONPATH. */
export const BOOTSTRAP = `${REPOSITORY}hooks/python/mcpsonde_sensor/bootstrap`;
/** Whence `python -m mcpsonde_sensor` runs. */
export const PACKAGE = `${REPOSITORY}hooks/python`;

/** A folder of a test's own, with a spool in it that the sensor is to make, and a home without configuration. */
export class Place implements Disposable {
  readonly folder: string = Deno.makeTempDirSync({ prefix: "mcpsonde-sensor-" });
  readonly spool: string = join(this.folder, "home", "spool");
  readonly env: Record<string, string>;

  constructor(config?: unknown) {
    Deno.mkdirSync(join(this.folder, "home"));
    this.env = {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: join(this.folder, "home"),
      PYTHONPATH: BOOTSTRAP,
      MCPSONDE_SPOOL: this.spool,
      MCPSONDE_SOCKET: join(this.folder, "events.sock"),
    };
    if (config !== undefined) this.env.MCPSONDE_CONFIG = this.file("sensor.json", JSON.stringify(config));
  }

  /** Writes a file; gives its path. */
  file(name: string, text: string): string {
    const path = join(this.folder, name);
    Deno.writeTextFileSync(path, text);
    return path;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}
