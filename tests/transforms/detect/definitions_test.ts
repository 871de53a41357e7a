import { describe, expect, it } from "vitest";
import { DefinitionWatch } from "../../../transforms/detect/definitions.ts";
import { type JsonObject, Talk } from "./_talk.ts";

/** What changed by a list, in short. */
function changes(watch: DefinitionWatch, talk: Talk, tools: readonly JsonObject[], more: JsonObject = {}): string[] {
  const [, response] = talk.tools(tools, more);
  return watch.changes(response!).map(({ before, after, first }) => {
    const text = before === undefined ? `+${after?.name}` : after === undefined ? `-${before.name}` : `~${after.name}`;
    return first ? `first ${text}` : text;
  });
}

describe("DefinitionWatch", () => {
  it("tells what came, went and changed", () => {
    const watch = new DefinitionWatch(), talk = new Talk();
    expect(changes(watch, talk, [{ name: "a" }, { name: "b" }])).toEqual(["first +a", "first +b"]);
    expect(changes(watch, talk, [{ name: "a" }, { name: "b" }])).toEqual([]);
    expect(changes(watch, talk, [{ name: "a", description: "x" }, { name: "c" }])).toEqual(["~a", "+c", "-b"]);
    expect(changes(watch, talk, [])).toEqual(["-a", "-c"]);
    expect(changes(watch, talk, [{ name: "a" }])).toEqual(["+a"]);
  });

  it("waits for the last page", () => {
    const watch = new DefinitionWatch(), talk = new Talk();
    expect(changes(watch, talk, [{ name: "a" }], { nextCursor: "2" })).toEqual([]);
    expect(changes(watch, talk, [{ name: "a" }, { name: "b" }])).toEqual(["first +a", "first +b"]);
  });

  it("tells servers apart", () => {
    const watch = new DefinitionWatch();
    expect(changes(watch, new Talk(), [{ name: "a" }])).toEqual(["first +a"]);
    expect(changes(watch, new Talk(), [{ name: "a" }])).toEqual(["first +a"]);
  });

  it("looks at answers to lists only", () => {
    const watch = new DefinitionWatch(), talk = new Talk();
    talk.tools([{ name: "a" }]);
    const call = talk.call("a");
    const list = talk.request("tools/list");
    for (const event of [call, talk.text(call, "x"), list, talk.fail(list)]) expect(watch.changes(event)).toEqual([]);
  });
});
