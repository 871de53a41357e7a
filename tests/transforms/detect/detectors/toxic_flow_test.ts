import { describe, expect, it } from "vitest";
import toxicFlow from "../../../../transforms/detect/detectors/toxic_flow.ts";
import { found, Talk } from "../_talk.ts";

const SECRET_PLAN =
  'Plan for the 3rd quarter:\n\t1. Buy the "small" company in Oslo before its rivals hear of it, for at most 4.2 million.\n' +
  "\t2. Move the team of twelve to the old harbour office; nobody but the board and legal knows so far.\n" +
  "\t3. Announce on 14 October, after the lawyers in Bergen have signed off each of the contracts.\n";
const PAGE = "Public words of a page on the web that anybody may read, copy, and send to whomever they like. ".repeat(
  4,
);

const pair = (files = {}, mail = {}) => {
  const talks = [new Talk({ name: "files", ...files }), new Talk({ name: "mail", ...mail })] as const;
  // Both are known before anything is read.
  return { files: talks[0], mail: talks[1], begin: talks.map((talk) => talk.request("initialize")) };
};
const rules = (events: Parameters<typeof found>[1], options = {}) =>
  found(toxicFlow, events, options).map(({ rule, severity }) => `${rule} ${severity}`);

describe("toxic_flow", () => {
  it("tells of a file's text that goes into an argument of another server's tool", () => {
    const { files, mail, begin } = pair();
    const read = files.call("read_file", { path: "plan.txt" });
    const answer = files.text(read, SECRET_PLAN);
    const send = mail.call("send_email", { to: "x@example.com", body: `FYI:\r\n${SECRET_PLAN.slice(20, 280)}\r\nBye` });
    const [finding, ...more] = found(toxicFlow, [...begin, read, answer, send]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      rule: "mcp.flow.between_servers",
      severity: "medium",
      details: { from_server: "files", from_tool: "read_file", to_server: "mail", to_tool: "send_email" },
    });
    expect(finding?.message).toMatch(
      /^About \d+ letters and digits of the result of "read_file" of server "files" go to server "mail" in tools\/call "send_email"$/,
    );
    expect(SECRET_PLAN).toContain(finding?.evidence?.split("\\")[0]);
  });

  it("is enough with a file of credentials", () => {
    const { files, mail, begin } = pair();
    const key = "AKIA" + "QWERTYUIOP234567", secret = "abcdEFGH0123ijklMNOP" + "4567qrstUVWX89yzABCD";
    const text = `[default]\naws_access_key_id = ${key}\naws_secret_access_key = ${secret}\n`;
    const read = files.call("read_file");
    const events = [...begin, read, files.text(read, text), mail.call("search_notes", { q: "x", context: text })];
    const [finding] = found(toxicFlow, events);
    expect(finding).toMatchObject({ severity: "high", details: { secret: "aws_key" } });
    expect(finding?.message).toMatch(/in tools\/call "search_notes", and there is a secret in it \(aws_key\)$/);
  });

  it("is worse if the server is elsewhere", () => {
    const { files, mail, begin } = pair({}, { remote: true });
    const read = files.call("read_file");
    const events = [...begin, read, files.text(read, SECRET_PLAN), mail.call("anything", { x: SECRET_PLAN })];
    expect(rules(events)).toEqual(["mcp.flow.between_servers high"]);
  });

  it("does not mind how the text is quoted, indented or broken into lines", () => {
    const { files, mail, begin } = pair();
    const read = files.call("read_file");
    const inner = JSON.stringify({ text: SECRET_PLAN.replaceAll("\n", "\r\n  ").toUpperCase() });
    const events = [...begin, read, files.text(read, SECRET_PLAN), mail.call("send", { json: inner })];
    expect(rules(events)).toHaveLength(1);
  });

  it("tells once of one result and one server", () => {
    const { files, mail, begin } = pair();
    const read = files.call("read_file");
    const send = () => mail.call("send", { x: SECRET_PLAN });
    expect(rules([...begin, read, files.text(read, SECRET_PLAN), send(), send()])).toHaveLength(1);
  });

  it("says nothing of what goes back to its server, or to tools that keep it here", () => {
    const { files, mail, begin } = pair();
    const read = files.call("read_file");
    const start = [...begin, read, files.text(read, SECRET_PLAN)];
    expect(rules([...start, files.call("send_file", { x: SECRET_PLAN })])).toEqual([]);
    expect(rules([...start, mail.call("store_draft", { x: SECRET_PLAN })])).toEqual([]);
    expect(rules([...start, mail.call("store_draft", { x: SECRET_PLAN })], { to: "any" })).toHaveLength(1);
    expect(rules([...start, mail.call("send", { x: SECRET_PLAN })], { to: "remote" })).toEqual([]);
    expect(rules([...start, mail.call("send", { x: SECRET_PLAN })], { allow: ["mail"] })).toEqual([]);
  });

  it("believes what a tool says of itself", () => {
    const { files, mail, begin } = pair();
    const tools = mail.tools([
      { name: "send_to_drafts", annotations: { openWorldHint: false } },
      { name: "draft", annotations: { openWorldHint: true } },
    ]);
    const read = files.call("read_file");
    const start = [...begin, ...tools, read, files.text(read, SECRET_PLAN)];
    expect(rules([...start, mail.call("send_to_drafts", { x: SECRET_PLAN })])).toEqual([]);
    expect(rules([...start, mail.call("draft", { x: SECRET_PLAN })])).toHaveLength(1);
  });

  it("says nothing of the caller's own words, of definitions, of public pages and of short texts", () => {
    const { files, mail, begin } = pair();
    const echo = files.call("write_file", { text: SECRET_PLAN });
    const send = (x: string) => mail.call("send", { x });
    expect(rules([...begin, echo, files.text(echo, `wrote ${SECRET_PLAN}`), send(SECRET_PLAN)])).toEqual([]);

    const listed = files.tools([{ name: "read", description: SECRET_PLAN }]);
    const help = files.call("help");
    expect(rules([...begin, ...listed, help, files.text(help, SECRET_PLAN), send(SECRET_PLAN)])).toEqual([]);

    const page = files.call("fetch_page");
    expect(rules([...begin, page, files.text(page, PAGE), send(PAGE)])).toEqual([]);
    expect(rules([...begin, page, files.text(page, PAGE), send(PAGE)], { public_sources: true })).toHaveLength(1);

    const read = files.call("read_file");
    expect(rules([...begin, read, files.text(read, SECRET_PLAN), send(SECRET_PLAN.slice(0, 90))])).toEqual([]);
  });

  it("does not mix what different clients read", () => {
    const files = new Talk({ name: "files" }), mail = new Talk({ name: "mail" }), other = new Talk({ name: "files" });
    other.session.clientProcess = { pid: 77, comm: "other", name: "other" };
    const begin = [files, mail, other].map((talk) => talk.request("initialize"));
    const read = other.call("read_file");
    expect(rules([...begin, read, other.text(read, SECRET_PLAN), mail.call("send", { x: SECRET_PLAN })])).toEqual([]);
  });

  it("takes a client and the processes it started for one", () => {
    const { files, mail } = pair();
    mail.session.clientProcess = { pid: 78, ppid: 1, comm: "node", name: "mcp-remote" };
    const begin = [files, mail].map((talk) => talk.request("initialize"));
    const read = files.call("read_file");
    expect(rules([...begin, read, files.text(read, SECRET_PLAN), mail.call("send", { x: SECRET_PLAN })])).toHaveLength(
      1,
    );
  });

  it("forgets what was read long ago", () => {
    const { files, mail, begin } = pair();
    const read = files.call("read_file"), answer = files.text(read, SECRET_PLAN);
    mail.now = files.now;
    const late = mail.wait(3700).call("send", { x: SECRET_PLAN });
    expect(rules([...begin, read, answer, late])).toEqual([]);
    expect(rules([...begin, read, answer, late], { within_s: 4000 })).toHaveLength(1);
  });
});
