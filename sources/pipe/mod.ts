/**
 * The `pipe` source: what sensors send.
 *
 * @module
 */
import { type Context, defineSource, type SourceComponent } from "../../pipeline/component.ts";
import { type Options, options } from "./options.ts";
import { open, Pipe } from "./pipe.ts";
import { defaultPath } from "./socket.ts";

/** Listens for sensors. */
const component: SourceComponent<typeof options> = defineSource({
  type: "pipe",
  summary: "A UNIX socket, or a named pipe, that sensors send their events to.",
  options,
  create: async (options: Options, context: Context) => {
    const [socket, fifo] = await open(options, () => defaultPath((name) => Deno.env.get(name)));
    if (socket !== undefined) context.log.info(`listening on ${socket.path}`);
    return new Pipe(options, context).batches(socket, fifo);
  },
});
export default component;
