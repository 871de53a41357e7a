/** Posts messages, one after another over one connection, with a Node whose SDK would be too new: `talk.mjs URL MESSAGE...`. */
import { Agent, request } from "node:https";

const [url, ...messages] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function post(message) {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "x-peer-pid": process.pid,
    };
    const sent = request(
      url,
      { method: "POST", agent, headers },
      (response) => {
        response.resume();
        response.on(
          "end",
          () => response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}`)),
        );
      },
    );
    sent.on("error", reject);
    sent.end(message);
  });
}

for (const message of messages) await post(message);
agent.destroy();
