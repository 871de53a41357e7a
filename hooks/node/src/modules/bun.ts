/**
 * Bun's way to change what is loaded: a plugin for the files of the SDKs. Bun loads everything else by itself, unseen.
 *
 * @module
 */
import { files } from "../write/files.ts";
import { guarded } from "../guard.ts";
import { marked } from "./marks.ts";

interface Builder {
  onLoad(
    options: { filter: RegExp },
    load: (file: { path: string }) => { contents: string; loader: string },
  ): void;
}
interface BunGlobal {
  plugin(plugin: { name: string; setup(build: Builder): void }): void;
}

/** Where the SDKs' packages keep what they run. */
const SDK = /[\\/]@modelcontextprotocol[\\/](?:sdk|core|client|server)[\\/]dist[\\/].*\.[cm]?js$/;

/** Registers the plugin. */
export function watchBun(found: () => void): void {
  const { Bun } = globalThis as unknown as { Bun: BunGlobal };
  Bun.plugin({
    name: "mcpsonde-sensor",
    setup(build) {
      build.onLoad({ filter: SDK }, ({ path }) => {
        found();
        const contents = files.readFileSync(path, "utf8");
        return {
          contents: guarded("loading.bun", () => marked(contents)) ?? contents,
          loader: "js",
        };
      });
    },
  });
}
