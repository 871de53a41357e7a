/**
 * Ground truth for the Node peers: every line that goes to or comes from a child process, as bytes, below the SDK.
 * Import it first. Each line of the file `$TRUTH` is `{ client, server, from, raw }`.
 */
import childProcess from "node:child_process";
import { appendFileSync } from "node:fs";

const { spawn } = childProcess;

childProcess.spawn = (...args) => {
  const child = spawn(...args);
  const stdinWrite = child.stdin.write;
  const sent = lines("client", child);
  child.stdin.write = function (data, ...rest) {
    sent(typeof data === "string" ? Buffer.from(data) : data);
    return stdinWrite.call(this, data, ...rest);
  };
  child.stdout.on("data", lines("server", child));
  return child;
};

function lines(from, child) {
  let rest = Buffer.alloc(0);
  return (data) => {
    rest = Buffer.concat([rest, data]);
    for (let end; (end = rest.indexOf(10)) >= 0; rest = rest.subarray(end + 1)) {
      const raw = rest.toString("utf8", 0, end);
      appendFileSync(process.env.TRUTH, JSON.stringify({ client: process.pid, server: child.pid, from, raw }) + "\n");
    }
  };
}
