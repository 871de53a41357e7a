/**
 * The `spool` source: what sensors write into files.
 *
 * @module
 */
import { type Context, defineSource, type SourceComponent } from "../../pipeline/component.ts";
import { type Options, options } from "./options.ts";
import { Spool } from "./spool.ts";

/** Follows a spool. */
const component: SourceComponent<typeof options> = defineSource({
  type: "spool",
  summary: "Files that sensors inside processes write: BlueRock's, mcpsonde's own, MCPSpy's, mcpsnoop's, other NDJSON.",
  options,
  create: (options: Options, context: Context) => new Spool(options, context).batches(),
});
export default component;
