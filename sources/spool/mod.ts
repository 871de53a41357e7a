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
  summary: "Files of sensors: mcpsonde's own, BlueRock's, MCPSpy's, mcpsnoop's, other NDJSON.",
  options,
  create: (options: Options, context: Context) => new Spool(options, context).batches(),
});
export default component;
