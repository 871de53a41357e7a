/** Conversations over stdio with hostile servers, made of bytes and decoded, judged and redacted as those of programs are. */
import type { Batch } from "../../../pipeline/event.ts";
import { pipe, source, type Transform, transform } from "../../../pipeline/mod.ts";
import { answer, ask, Talk, text, use } from "../../transforms/mcp/_talk.ts";

/** What must never become an element, run, or pass unseen. */
export const HOSTILE = {
  image: "<img src=x onerror=\"document.title='owned'\">",
  script: "</script><script>document.title='owned'</script>",
  template: "{{constructor.constructor('alert(1)')()}}${alert(1)}",
  link: "javascript:alert(1)",
  turned: "a\u202Egpj.exe\u202C",
  unseen: "a\u200Bb\u0000c\u001B[2Jd\u{E0041}",
  marks: `z${"\u0301".repeat(60)}`,
} as const;

/** Decodes, judges and redacts as the default pipeline does. `baseline`: the file of accepted tools. */
function decoding(baseline?: string): readonly Transform[] {
  const detect = baseline === undefined ? {} : { detectors: { tool_drift: { baseline } } };
  return [transform("http"), transform("jsonrpc"), transform("mcp"), transform("detect", detect), transform("redact")];
}

/** The events of recordings, one after another, and of conversations, as sinks get them in one run. */
export async function decoded(
  from: readonly (string | Talk)[],
  { baseline }: { readonly baseline?: string } = {},
): Promise<readonly Batch[]> {
  const batches: Batch[] = [];
  const input = async function* () {
    for (const part of from) {
      if (typeof part === "string") yield* source("replay", { path: part });
      else yield part.events;
    }
  };
  await pipe(input(), ...decoding(baseline), async (seen) => {
    for await (const batch of seen) batches.push(batch);
  });
  return batches;
}

/** A pipeline that runs: what is said now is in the store a moment later. */
export class Live {
  readonly #talk = new Talk().initialize();
  readonly #waiting: Batch[] = [];
  readonly #ended: Promise<void>;
  #wake: () => void = () => {};
  #isOver = false;
  #next = 1;
  #sent = 0;

  constructor(store: { add(batch: Batch): void }) {
    const input = async function* (this: Live) {
      while (!this.#isOver) {
        yield* this.#waiting.splice(0);
        if (!this.#isOver && this.#waiting.length === 0) await new Promise<void>((resolve) => this.#wake = resolve);
      }
      yield* this.#waiting.splice(0);
    };
    this.#ended = pipe(input.call(this), ...decoding(), async (seen) => {
      for await (const batch of seen) store.add(batch);
    });
  }

  /** So many calls of `tool`. */
  calls(many: number, tool: string): void {
    for (let k = 0; k < many; k++) {
      const id = this.#next++;
      this.#talk.client(use(id, tool, { arguments: { n: id } })).server(text(id, `answer ${id}`));
    }
    this.#waiting.push(this.#talk.events.slice(this.#sent));
    this.#sent = this.#talk.events.length;
    this.#wake();
  }

  /** The capture ends. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.#wake();
    await this.#ended;
  }
}

/** A server whose every text is hostile. */
export function hostileTalk(): Talk {
  const talk = new Talk();
  const serverInfo = { name: HOSTILE.image, title: HOSTILE.script, version: HOSTILE.turned };
  talk.client(ask(0, "initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: HOSTILE.script, version: HOSTILE.unseen },
  })).server(answer(0, { protocolVersion: "2025-11-25", capabilities: {}, serverInfo, instructions: HOSTILE.image }));
  const tools = Object.values(HOSTILE).map((name) => ({
    name,
    title: HOSTILE.script,
    description: `${HOSTILE.image} ${HOSTILE.unseen}`,
    inputSchema: { type: "object", properties: { [HOSTILE.image]: { description: HOSTILE.script } } },
  }));
  talk.client(ask(1, "tools/list", {})).server(answer(1, { tools }));
  Object.values(HOSTILE).forEach((name, k) => {
    talk.client(use(10 + k, name, { arguments: { [HOSTILE.image]: HOSTILE.turned, html: HOSTILE.script } }));
    talk.server(text(10 + k, Object.values(HOSTILE).join("\n"), { [HOSTILE.script]: HOSTILE.image }));
  });
  return talk;
}

/** A server of very many tools, and one with a name of a megabyte. */
export function hugeTalk(tools: number, nameLength: number): Talk {
  const talk = new Talk().initialize();
  const list = Array.from({ length: tools }, (_, k) => ({
    name: `tool_${k}`,
    description: `Does ${k} things.`,
    inputSchema: { type: "object", properties: { a: { type: "string" } } },
  }));
  const long = { name: `x${"<b>y".repeat(nameLength / 4)}`, inputSchema: { type: "object" } };
  talk.client(ask(1, "tools/list", {})).server(answer(1, { tools: [long, ...list] }));
  talk.client(use(2, long.name)).server(text(2, "z".repeat(nameLength)));
  return talk;
}
