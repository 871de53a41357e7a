import { describe, expect, it } from "vitest";
import redact from "../../../transforms/redact/mod.ts";
import { answer, call, context, events, messages, type Options, redacted, shown, talk } from "./_redact.ts";

const mistakes = async (options: unknown) => {
  const result = await redact.options.safeParseAsync(options);
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};

describe("redact, rules", () => {
  it("takes what stands at a path", async () => {
    const args = { user: { name: "Ann", mail: "a@b" }, list: [{ name: "Bob" }] };
    const rules = [{ field: "params.arguments.**.name", action: "mask" }];
    const text = await shown(call(args, "x"), { rules });
    expect(text).toContain('"name":"x"');
    expect(text).not.toMatch(/Ann|Bob/);
    expect(await shown(call(args), { rules: [{ field: "params.arguments.*.name", action: "mask" }] })).toContain("Bob");
  });
  it("goes on with a path into JSON in a text", async () => {
    const rules = [{ field: "result.content[0].text.user", action: "mask" }];
    expect(await shown(answer('{"user":"Ann","x":"Ann"}'), { rules })).toContain(
      '{\\"user\\":\\"<redacted>\\",\\"x\\":\\"Ann\\"}',
    );
  });
  it("takes what a JSONPath selects", async () => {
    const rules = [{ field: "$.params.arguments[?@.role=='user'].name", action: "mask" }];
    const text = await shown(call([{ role: "user", name: "Ann" }, { role: "bot", name: "Bob" }]), { rules });
    expect(text).not.toContain("Ann");
    expect(text).toContain("Bob");
  });
  it("takes what stands under a name, case aside, and after it in text", async () => {
    const rules = [{ key: "customer*", action: "hash", name: "customer" }];
    const text = await shown(call({ CustomerId: "c-1234", x: "customer_no=c-1234" }), { rules });
    expect(text.match(/<customer:hash:[0-9a-f]{12}>/g)?.length).toBe(2);
  });
  it("takes what a pattern finds", async () => {
    const rules = [{ value: "EMP-[0-9]{4}", action: "mask", name: "employee" }];
    expect(await shown(call({ a: "see EMP-1234 and EMP-99" }), { rules })).toContain("see <employee> and EMP-99");
  });
  it("runs a pattern without end in linear time", async () => {
    const rules = [{ value: "(a+)+b", action: "mask" }];
    const started = performance.now();
    await shown(call({ a: "a".repeat(50_000) }), { rules });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await shown(call({ a: "xaab" }), { rules })).toContain("x<redacted>");
  });
  it("takes what a detector finds, where it is told to", async () => {
    const rules = [{ tool: "mail", kinds: ["email"], action: "mask" }];
    expect(await shown(call({ to: "ann@example.org" }, "mail"), { rules })).toContain("<email>");
    expect(await shown(call({ to: "ann@example.org" }, "other"), { rules })).toContain("ann@example.org");
  });
  it("lets the first rule that fits decide", async () => {
    const rules = [
      { kinds: ["email"], value: "@example\\.org$", action: "keep" },
      { kinds: ["email"], action: "mask" },
    ];
    const text = await shown(call({ a: "ann@example.org, bob@corp.com" }), { rules });
    expect(text).toContain("ann@example.org, <email>");
  });
  it("keeps what the built-in set would take", async () => {
    expect(await shown(call({ password: "hunter2", token: "abc" }), { rules: [{ key: "password", action: "keep" }] }))
      .toMatch(/"password":"hunter2","token":"<token/);
    const rules = [{ tool: "open", action: "keep" }];
    expect(await shown(call({ password: "hunter2" }, "open"), { rules })).toContain("hunter2");
  });
  it("leaves members and elements out", async () => {
    const args = { a: "x", b: { c: 1 }, list: ["secret-1", 2] };
    const remove = async (...fields: string[]) =>
      JSON.parse(
        await shown(call(args), {
          rules: fields.map((field) => ({ field: `params.arguments.${field}`, action: "remove" })),
        }),
      )
        .params.arguments;
    expect(await remove("a")).toEqual({ b: { c: 1 }, list: ["secret-1", 2] });
    expect(await remove("b", "list")).toEqual({ a: "x" });
    expect(await remove("a", "b", "list")).toEqual({});
    expect(await remove("b", "list[1]")).toEqual({ a: "x", list: ["secret-1"] });
    expect(await remove("list.*")).toEqual({ a: "x", b: { c: 1 }, list: [] });
  });
  it("cuts long texts", async () => {
    const rules = [{ field: "result.content.*.text", action: "truncate", length: 5 }];
    expect(await shown(answer("a long text"), { rules })).toContain('"text":"a lon…"');
    expect(await shown(answer("short"), { rules })).toContain('"text":"short"');
  });
  it("leaves events out, counts them, and tells", async () => {
    const { context: mine, said } = context();
    const rules = [{ tool: "vault*", action: "drop_event", name: "vault" }];
    const all = await events(
      redacted(
        [talk([call({ a: "s3cret" }, "vault_read"), answer("s3cret"), call({ a: 2 }, "other", 2)])],
        { rules },
        mine,
      ),
    );
    expect(all.map(({ kind }) => kind)).toEqual(["mcp", "gap", "finding"]); // the last: never answered
    expect(said.dropped).toEqual({ dropped_by_rule: 2 });
    expect(all[1]).toMatchObject({ reason: "dropped_by_rule", lost: { records: 2 } });
  });
  it("shows nothing of a request that was left out in its response", async () => {
    const rules = [{ direction: "request", tool: "vault", action: "drop_event" }];
    const [response] = await messages([call({ a: "s3cret" }, "vault"), answer("fine")], { rules });
    expect(response?.type).toBe("response");
    expect(response?.request?.params).toBeUndefined();
    expect(response?.request?.method).toBe("tools/call");
  });
  it("knows directions, methods and servers", async () => {
    const rule = async (condition: object) =>
      await shown(call({ note: "plain" }), { rules: [{ ...condition, key: "note", action: "mask" }] });
    for (
      const condition of [{ direction: "request" }, { direction: "to_server" }, { method: "tools/*" }, {
        server: "server-*",
      }]
    ) {
      expect(await rule(condition)).toContain("<redacted>");
    }
    for (const condition of [{ direction: ["response", "to_client"] }, { method: "resources/*" }, { server: "git" }]) {
      expect(await rule(condition)).toContain("plain");
    }
  });
  it("makes the same hashes with the same key only", async () => {
    const hash = async (options: Options) =>
      /hash:([0-9a-f]+)/.exec(await shown(call({ password: "hunter2" }), options))?.[1];
    const key = { hash_key: "0123456789abcdef" };
    expect(await hash(key)).toBe(await hash(key));
    expect(await hash({})).not.toBe(await hash({}));
    expect(await hash(key)).not.toBe(await hash({ hash_key: "fedcba9876543210" }));
  });
  it("says what is wrong with options, and where", async () => {
    expect(await mistakes({ rules: [{ field: "a..b", action: "mask" }] })).toEqual([
      expect.stringMatching(/^rules.0.field: /),
    ]);
    expect(await mistakes({ rules: [{ field: "$.a[", action: "mask" }] })).toEqual([expect.stringMatching(/JSONPath/)]);
    expect(await mistakes({ rules: [{ value: "(", action: "mask" }] })).toEqual([
      expect.stringMatching(/^rules.0.value: /),
    ]);
    expect(await mistakes({ rules: [{ value: "(?=a+)b", action: "mask" }] })).toEqual([
      expect.stringMatching(/linear/),
    ]);
    expect(await mistakes({ rules: [{ value: "a?", action: "mask" }] })).toEqual([expect.stringMatching(/empty/)]);
    expect(await mistakes({ rules: [{ kinds: ["github_tokn"], action: "mask" }] })).toEqual([
      expect.stringMatching(/rules.0.kinds.0: .*did you mean "github_token"/),
    ]);
    expect(await mistakes({ rules: [{ action: "mask" }] })).toEqual([expect.stringMatching(/rules.0.action/)]);
    expect(await mistakes({ rules: [{ action: "keep" }] })).toEqual([expect.stringMatching(/everything/)]);
    expect(await mistakes({ rules: [{ key: "a", action: "mask", length: 3 }] })).toEqual([
      expect.stringMatching(/truncate/),
    ]);
    expect(await mistakes({ hash_key: "short" })).toHaveLength(1);
    expect(await mistakes({ rules: [{ key: "a", action: "hide" }] })).toHaveLength(1);
  });
});
