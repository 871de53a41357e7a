import fc from "fast-check";
import { anyText } from "../content/_any.ts";
import { describe, expect, it } from "vitest";
import { findDestruction, isDestructiveTool } from "../../../../transforms/detect/content/destructive.ts";
import destructiveTool from "../../../../transforms/detect/detectors/destructive_tool.ts";
import { found, type JsonObject, Talk } from "../_talk.ts";

function findings(tool: JsonObject & { name: string }, args: JsonObject = {}, options = {}) {
  const talk = new Talk(), list = talk.tools([tool]);
  return found(destructiveTool, [...list, talk.call(tool.name, args)], options);
}
const rules = (...all: Parameters<typeof findings>) => findings(...all).map(({ rule }) => rule);
const shell = { name: "bash", description: "Runs a command.", annotations: { destructiveHint: false } };
const sql = { name: "query", description: "Runs SQL.", annotations: { destructiveHint: false } };

describe("isDestructiveTool", () => {
  it.each([
    ["delete_file", ""],
    ["fs-remove", ""],
    ["dropTable", ""],
    ["redis_flush", ""],
    ["clear_history", ""],
    ["force_push", ""],
    ["format_disk", ""],
    ["manage", "Permanently deletes a repository."],
    ["cleanup", "Removes all files of a project."],
  ])("says yes to %s %j", (name, description) => {
    expect(isDestructiveTool(name, description)).toBe(true);
  });

  it.each([
    ["get_deleted_files", "Lists what was deleted."],
    ["undelete_file", ""],
    ["remove_background", "Removes the background of an image."],
    ["remove_duplicates", "Returns the list without duplicates."],
    ["format_date", ""],
    ["clear_screen", ""],
    ["reset_view", ""],
    ["create_file", "Creates a file. Fails if it exists."],
    ["list_dropboxes", ""],
    ["search", "Searches; use delete_file to delete."],
  ])("says no to %s %j", (name, description) => {
    expect(isDestructiveTool(name, description)).toBe(false);
  });
});

describe("destructive_tool", () => {
  it("tells of a call of a tool that deletes and does not say so", () => {
    expect(rules({ name: "delete_file" })).toEqual(["mcp.tool.destructive_unmarked"]);
    expect(rules({ name: "delete_file", annotations: { destructiveHint: false } })).toEqual([
      "mcp.tool.destructive_unmarked",
    ]);
    expect(rules({ name: "delete_file", annotations: { readOnlyHint: true } })).toEqual(["mcp.tool.read_only_writes"]);
    expect(rules({ name: "delete_file", annotations: { destructiveHint: true } })).toEqual([]);
    expect(rules({ name: "read_file" })).toEqual([]);
  });

  it("tells only of contradictions if so wished", () => {
    const options = { only_contradictions: true };
    expect(rules({ name: "delete_file" }, {}, options)).toEqual([]);
    expect(rules({ name: "delete_file", annotations: { readOnlyHint: true } }, {}, options)).toHaveLength(1);
    expect(rules({ name: "bash" }, { command: "rm -rf x" }, options)).toEqual([]);
  });

  it("does not tell of lists, only of calls", () => {
    const talk = new Talk();
    expect(found(destructiveTool, [...talk.tools([{ name: "delete_file" }]), talk.call("other")])).toEqual([]);
  });

  it.each([
    "DROP TABLE users",
    "drop database x;",
    "TRUNCATE TABLE a",
    "DELETE FROM users",
    "delete from users where 1=1",
    "SELECT 1; DELETE FROM a",
    "/* x */ DELETE/**/FROM a",
    "UPDATE users SET admin = 1",
    "ALTER TABLE a DROP COLUMN b",
    "-- note\nDROP TABLE a",
  ])("tells of %j", (text) => {
    expect(rules(sql, { sql: text })).toEqual(["mcp.argument.destructive"]);
    expect(rules({ ...sql, annotations: { destructiveHint: true } }, { sql: text })).toEqual([]);
  });

  it.each([
    "SELECT * FROM deleted",
    "DELETE FROM a WHERE id = 1",
    "UPDATE a SET b = 1 WHERE id = 2",
    "SELECT 'DROP TABLE x'",
    "INSERT INTO log VALUES ('delete from x')",
    "CREATE TABLE t (updated_at int)",
  ])("says nothing of %j", (text) => {
    expect(rules(sql, { sql: text })).toEqual([]);
  });

  it("tells of any write by a tool that only reads", () => {
    const reader = { ...sql, annotations: { readOnlyHint: true } };
    expect(rules(reader, { sql: "DELETE FROM a WHERE id = 1" })).toEqual(["mcp.tool.read_only_writes"]);
    expect(rules(reader, { sql: "SELECT updated FROM a" })).toEqual([]);
  });

  it.each([
    "rm -rf build",
    "cd x && rm -r y",
    "sudo rm -f /x",
    "git reset --hard",
    "git push --force origin main",
    "git clean -fdx",
    "kubectl delete pod x -n y",
    "terraform destroy",
    "docker system prune -a",
    "aws s3 rb s3://x --force",
    "find . -name x -delete",
    "redis-cli FLUSHALL",
    "Remove-Item -Recurse x",
  ])("tells of %j in a shell that is marked as harmless", (command) => {
    expect(rules(shell, { command })).toEqual(["mcp.argument.destructive"]);
  });

  it.each([
    "git status",
    "git push origin x",
    "kubectl get pods",
    "terraform plan -destroy",
    "docker ps",
    "npm rm x",
    "grep -r delete .",
    "echo 'rm -rf x'",
    "kubectl delete pod x --dry-run=client",
    "ls removed",
  ])("says nothing of %j", (command) => {
    expect(rules(shell, { command })).toEqual([]);
  });

  it("puts lists of words together, and the program's name before them", () => {
    expect(rules({ name: "docker", annotations: { destructiveHint: false } }, { args: ["volume", "rm", "x"] }))
      .toHaveLength(1);
    expect(rules({ name: "kubectl" }, { args: "delete ns prod" })).toHaveLength(1);
    expect(rules({ name: "docker" }, { args: ["ps", "-a"] })).toEqual([]);
  });

  it("leaves texts alone that are not run", () => {
    expect(rules({ name: "note" }, { text: "rm -rf /; DROP TABLE x" })).toEqual([]);
    expect(rules({ name: "grep" }, { pattern: "rm -rf" })).toEqual([]);
  });

  it("takes any arguments", () => {
    const part = fc.constantFrom(
      ..."delete from where drop table ; && -- /* */ rm -rf git push update set = 1".split(" "),
      "\n",
      " ",
    );
    const texts = fc.oneof(anyText, fc.array(part, { maxLength: 60 }).map((p) => p.join(" ")));
    fc.assert(fc.property(texts, fc.string(), fc.boolean(), (text, name, readOnly) => {
      findDestruction(name, { command: text, args: [text, text] }, readOnly);
      isDestructiveTool(name, text);
    }));
  });

  it.each(["delete from a ", "/*", "-- ", "update a set b ", "db.a", "find ", "git push ", "; "])(
    "takes time in proportion to the length of many %j",
    (unit) => {
      const time = (chars: number) => {
        const command = unit.repeat(chars / unit.length), started = performance.now();
        for (let k = 0; k < 3; k++) findDestruction("x", { command }, true);
        return performance.now() - started;
      };
      time(1000);
      expect(time(16_000)).toBeLessThan(Math.max(400, time(2_000) * 8 * 5));
    },
  );
});
