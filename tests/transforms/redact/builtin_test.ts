import { describe, expect, it } from "vitest";
import { answer, call, messages, redacted, shown, talk, through } from "./_redact.ts";

const GITHUB = "ghp_a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8";

describe("redact, built in", () => {
  it("hides what stands under a name that tells", async () => {
    const text = await shown(call({ password: "hunter2", path: "/a" }));
    expect(text).toMatch(/"password":"<password:hash:[0-9a-f]{12}>","path":"\/a"/);
  });
  it("hides all that stands below such a name", async () => {
    const text = await shown(call({ credentials: { user: "bob", keys: ["one", { x: 12345 }] } }));
    expect(text).not.toMatch(/bob|one|12345/);
  });
  it("shows the same token for the same value", async () => {
    const [a, b] = await messages([call({ password: "hunter2" }), answer('{"password":"hunter2"}')]);
    const token = /<password:hash:[0-9a-f]{12}>/.exec(a?.raw ?? "")?.[0];
    expect(token).toBeDefined();
    expect(b?.raw).toContain(token);
  });
  it("shows the kind alone if told so", async () => {
    expect(await shown(call({ password: "hunter2" }), { builtin: { action: "mask" } })).toContain('"<password>"');
  });
  it("hides what is known by its form, wherever it stands", async () => {
    for (const args of [{ x: GITHUB }, { [GITHUB]: 1 }, [[GITHUB]], { t: `see ${GITHUB}, then` }]) {
      expect(await shown(call(args))).not.toContain(GITHUB);
    }
  });
  it("sees through escapes of JSON", async () => {
    const escaped = [...GITHUB].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
    const text = await shown(`{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":"${escaped}"}}`);
    expect(text).toContain("<github_token:hash:");
    expect(await shown('{"jsonrpc":"2.0","id":1,"method":"x","params":{"p\\u0061ssword":"hunter2"}}')).not.toContain(
      "hunter2",
    );
  });
  it("looks into JSON in texts, however often it is in one", async () => {
    let text = JSON.stringify({ password: "hunter2", token: GITHUB });
    for (let k = 0; k < 3; k++) text = JSON.stringify({ inner: text });
    const raw = await shown(answer(text));
    expect(raw).not.toContain("hunter2");
    expect(raw).not.toContain(GITHUB);
    expect(() => JSON.parse(raw)).not.toThrow();
  });
  it("hides values after names in texts", async () => {
    for (
      const text of [
        "DB_PASSWORD=hunter2hunter2",
        "export DB_PASSWORD='hunter2 hunter2'",
        "password: hunter2hunter2",
        'log: {"password": "hunter2hunter2"}',
        "https://x.org/?a=1&access_token=hunter2hunter2&b=2",
        "Authorization: Bearer hunter2hunter2",
        "run --password hunter2hunter2 now",
        "q=https%3A%2F%2Fx.org%2F%3Fpassword%3Dhunter2hunter2",
      ]
    ) expect([text, await shown(answer(text))].join(" ")).not.toMatch(/hunter2.*hunter2hunter2|: .*"text":".*hunter2/);
  });
  it("hides numbers that are none to be seen, and names of members", async () => {
    const text = await shown(call({ card: 4111111111111111, n: 4111, "4111 1111 1111 1111": true }));
    expect(text).not.toMatch(/4111111111111111|4111 1111/);
    expect(text).toContain('"n":4111');
  });
  it("leaves the names of properties in schemas, but not what they default to", async () => {
    const schema = {
      type: "object",
      properties: {
        password: { type: "string", description: "The password", default: "hunter2" },
        mode: { type: "string", default: "fast" },
        token: { enum: ["s3cret-1"], hint: "s3cret-2", examples: [{ x: "s3cret-3" }] },
      },
      required: ["password"],
    };
    const text = await shown({ jsonrpc: "2.0", id: 1, result: { tools: [{ name: "login", inputSchema: schema }] } });
    expect(text).toContain('"password":{"type":"string","description":"The password","default":"<password:hash:');
    expect(text).toContain('"default":"fast"');
    expect(text).not.toContain("s3cret");
  });
  it("hides what only pretends to be a schema", async () => {
    const text = await shown(call({ inputSchema: { password: "hunter2", properties: { secret: "hunter2" } } }));
    expect(text).not.toContain("hunter2");
  });
  it("leaves placeholders, types and what is empty", async () => {
    const args = { password: "", token: "${TOKEN}", secret: null, apiKey: true, x: "password: string" };
    expect(await shown(call(args))).toBe(JSON.stringify(call(args)));
  });
  it("hides secrets in ids and methods, and keeps pairs together", async () => {
    const [request, response] = await messages([
      { jsonrpc: "2.0", id: GITHUB, method: `tools/${GITHUB}` },
      `{"jsonrpc":"2.0","id":"${GITHUB}","result":{}}`,
    ]);
    expect(request?.id).toMatch(/^<github_token:hash:/);
    expect(request?.method).toMatch(/^tools\/<github_token/);
    expect(response?.id).toBe(request?.id);
    expect(response?.request).toBe(request);
  });
  it("passes a message with nothing in it on as the same object", async () => {
    const mine: unknown[] = [], theirs: unknown[] = [];
    const chunks = talk([call({ path: "/a", progressToken: 1 }), answer("all is well")]);
    const decoded = redacted([chunks], undefined);
    const tee = (async function* () {
      for await (const batch of decoded) {
        mine.push(...batch);
        yield batch;
      }
    })();
    for await (const batch of await through(tee)) theirs.push(...batch);
    expect(theirs.length).toBe(2);
    theirs.forEach((event, k) => expect(event === mine[k]).toBe(true));
  });
  it("keeps the bytes around what it hides", async () => {
    const text = await shown('{ "jsonrpc" : "2.0",\t"id":1, "method":"x","params":{"a":1e3,"a":2, "password" :"x1" }}');
    expect(text.replace(/<.*>/, "*")).toBe(
      '{ "jsonrpc" : "2.0",\t"id":1, "method":"x","params":{"a":1e3,"a":2, "password" :"*" }}',
    );
  });
  it("hides what stands in a malformed message", async () => {
    const [event] = await messages([
      `{"jsonrpc":"2.0","id":1,"method":"x","params":{"password":"hunter2","t":"${GITHUB}"`,
    ]);
    expect(event?.type).toBe("malformed");
    expect(event?.raw).not.toMatch(/hunter2|ghp_/);
  });
  it("can be turned off, as a whole and by kind", async () => {
    const message = call({ password: "hunter2", t: GITHUB });
    expect(await shown(message, { builtin: false })).toBe(JSON.stringify(message));
    expect(await shown(message, { builtin: { except: ["github_token"] } })).toMatch(/<password.*ghp_/);
    expect(await shown(message, { builtin: { kinds: ["github_token"] } })).toMatch(/hunter2.*<github_token/);
    const mail = call({ to: "ann@example.org" });
    expect(await shown(mail)).toBe(JSON.stringify(mail));
    expect(await shown(mail, { builtin: { also: ["email"] } })).toContain("<email:hash:");
  });
});
