import { describe, expect, it } from "vitest";
import type { Json, SensorEvent } from "../../../pipeline/event.ts";
import { chunk, events, one, redacted, server, session } from "./_redact.ts";

const SECRET = "ghp_a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8";
const KEY = { hash_key: "0123456789abcdef" };

/** As sources make them: `data` is read when it is asked for. */
class Lazy implements SensorEvent {
  readonly kind = "sensor";
  readonly time = 1;
  readonly source = "spool";
  readonly process = { ...server, args: ["node", "--token", "hunter2"] };
  readonly sensor = "mcpsonde-python";
  readonly name = "python_audit";
  readonly session = "s-123456";
  readonly #data: { [name: string]: Json };

  constructor(data: { [name: string]: Json }) {
    this.#data = data;
  }

  get data(): { [name: string]: Json } {
    return this.#data;
  }
}

const told = () =>
  new Lazy({
    event: "subprocess.Popen",
    args: ["mysql", "--password=hunter2", `--note=${SECRET}`],
    url: `https://x.example/?api_key=${SECRET}`,
    inner: [{ deep: { password: "hunter2" } }],
  });

describe("redact, events of sensors", () => {
  it("hides what stands in command lines, URLs and under names that tell", async () => {
    const { data, process, session } = await one(told(), KEY);
    expect(JSON.stringify({ data, process })).not.toMatch(/hunter2|ghp_/);
    expect(data["event"]).toBe("subprocess.Popen");
    expect(JSON.stringify(data)).toContain("mysql");
    expect(session).not.toContain("s-123456");
  });

  it("hides it too where the event came with a message", async () => {
    const { down } = session();
    const line = `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "a" } })}\n`;
    const [message] = await events(
      redacted([[chunk({ ...down, medium: "sensor" }, line, true, { sensor: told() })]], KEY),
    );
    const sensor = message?.kind === "mcp" ? message.sensor : undefined;
    expect(sensor?.name).toBe("python_audit");
    expect(JSON.stringify([sensor?.data, sensor?.process, sensor?.session])).not.toMatch(/hunter2|ghp_|s-123456/);
  });
});
