/**
 * A process that appends and delivers until it is killed: `deno run _appender.ts DIR`. After each commit it writes how many
 * records it has appended in all of its life, `+ID N`, and after each acknowledgement those that were read: `-N N N`.
 */
import { writeSync } from "node:fs";
import { DiskBuffer } from "../../../pipeline/disk_buffer/mod.ts";

const [dir = "", start = "0"] = Deno.args;
const say = (line: string) => void writeSync(1, new TextEncoder().encode(`${line}\n`));
const buffer = DiskBuffer.open({
  dir,
  format: "test/1",
  maxBytes: 64 << 20,
  segmentBytes: 64 << 10,
  maxAgeMs: 1e15,
  maxRecordBytes: 1 << 20,
  whenFull: "block",
  sync: false,
  onDropped: (reason, records) => say(`! ${reason} ${records}`),
  onProblem: (message) => say(`? ${message}`),
});
const encoder = new TextEncoder(), decoder = new TextDecoder();
let appended = Number(start);
say("ready");
for (let round = 0;; round++) {
  const many = 1 + round % 50;
  say(`> ${appended + many}`); // may be there
  for (let k = 0; k < many; k++) {
    buffer.append(encoder.encode(`${appended + k} ${"x".repeat((appended + k) % 997)}`), 0);
  }
  if (!buffer.commit()) throw new Error("not committed");
  appended += many;
  say(`+ ${appended}`); // is there
  if (round % 3 !== 0) continue;
  const portion = buffer.read(20 + round % 60, 1 << 20, 0);
  const numbers = portion.records.map(({ bytes }) => decoder.decode(bytes).split(" ")[0]);
  say(`< ${numbers.join(" ")}`); // may be acknowledged
  buffer.acknowledge(portion);
  say(`- ${numbers.join(" ")}`); // is acknowledged
}
