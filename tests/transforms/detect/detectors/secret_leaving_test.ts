import { describe, expect, it } from "vitest";
import secretLeaving from "../../../../transforms/detect/detectors/secret_leaving.ts";
import { found, Talk } from "../_talk.ts";

const TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
const remote = { name: "search", remote: true } as const;
const rules = (...args: Parameters<typeof found> extends [unknown, ...infer Rest] ? Rest : never) =>
  found(secretLeaving, ...args).map(({ rule, severity }) => `${rule} ${severity}`);

describe("secret_leaving", () => {
  it("tells of a secret in an argument of a remote server's tool, without showing it", () => {
    const talk = new Talk(remote);
    const [finding, ...more] = found(secretLeaving, [talk.call("web_search", { q: `why does ${TOKEN} fail` })]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      rule: "mcp.argument.secret",
      severity: "high",
      message: 'GitHub token in "q" of "web_search" goes to server "search" on another machine',
      evidence: "q: ghp_… (40 characters)",
      details: { kind: "github_token", argument: "q", tool: "web_search", server: "search" },
    });
    const { message, evidence, details } = finding!;
    expect(JSON.stringify([message, evidence, details])).not.toContain(TOKEN);
  });

  it("says nothing of servers on this machine, unless told to", () => {
    const call = () => [new Talk().call("web_search", { q: TOKEN })];
    expect(rules(call())).toEqual([]);
    expect(rules(call(), { local: true })).toEqual(["mcp.argument.secret high"]);
  });

  it("finds what escapes hide", () => {
    const talk = new Talk(remote);
    const call = talk.call("web_search", { q: "-----=====", r: TOKEN.replace("ghp_", "ghp-") });
    expect(rules([call])).toEqual([]);
    // `\\u005f` for the underscore, in the place of as many bytes.
    const text = new TextDecoder("latin1").decode(call.buffer);
    const hidden = text.replace("-----=====", "-----").replace("ghp-", "ghp\\u005f");
    expect(hidden.length).toBe(text.length);
    call.buffer.set(new TextEncoder().encode(hidden));
    expect(rules([call])).toEqual(["mcp.argument.secret high"]);
  });

  it("tells of personal data and of values whose names say that they are secrets", () => {
    const talk = new Talk(remote);
    expect(rules([talk.call("pay", { card: "4111 1111 1111 1111" })])).toEqual(["mcp.argument.personal_data medium"]);
    expect(rules([talk.call("login", { user: "me", password: "hunter2hunter2" })])).toEqual([
      "mcp.argument.secret medium",
    ]);
    expect(rules([talk.call("login", { password: "hunter2hunter2" })], { named: false })).toEqual([]);
    expect(rules([talk.call("login", { password: "${PASSWORD}", max_tokens: "1000000", token: "a b c d e f" })]))
      .toEqual([]);
  });

  it("takes a session's id for the server's own", () => {
    const talk = new Talk(remote);
    expect(rules([talk.call("browse", { sessionId: "f00ba5eba11c0ffee" })])).toEqual([]);
  });

  it("tells of what a person was asked for", () => {
    const talk = new Talk(remote);
    const asked = talk.request("elicitation/create", { message: "Your key?" }, "server");
    const answer = talk.answer(asked, { action: "accept", content: { key: TOKEN } });
    const [finding] = found(secretLeaving, [asked, answer]);
    expect(finding?.message).toBe(
      'GitHub token in "content.key" of elicitation/create goes to server "search" on another machine',
    );
  });

  it("tells once of a place", () => {
    const talk = new Talk(remote);
    const calls = Array.from({ length: 5 }, () => talk.call("web_search", { q: TOKEN }));
    expect(rules(calls)).toHaveLength(1);
    expect(rules([...calls, talk.call("other", { q: TOKEN })])).toHaveLength(2);
  });

  it("leaves alone what servers send, what is in _meta, and servers that may have it", () => {
    const talk = new Talk(remote);
    const call = talk.request("tools/call", { name: "x", arguments: { a: 1 }, _meta: { token: TOKEN } });
    expect(rules([call, talk.text(call, TOKEN)])).toEqual([]);
    expect(rules([talk.call("web_search", { q: TOKEN })], { allow: ["search"] })).toEqual([]);
    expect(rules([talk.call("web_search", { q: TOKEN })], { kinds: ["aws_key"] })).toEqual([]);
  });
});
