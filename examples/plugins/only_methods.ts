/**
 * A transform of your own: leaves out the messages whose method does not begin with one of the given words.
 *
 * @module
 */
import { defineTransform, mapEvents, z } from "@mcpsonde/mcpsonde";

const options = z.strictObject({
  methods: z.array(z.string().min(1)).min(1).describe("How the methods begin, e.g. `tools/`."),
});

export default defineTransform({
  type: "only_methods",
  summary: "Leaves out the messages of other methods.",
  options,
  create: ({ methods }) =>
    mapEvents((event) => {
      if (event.kind !== "mcp") return event; // pass on what you do not know
      const method = event.method ?? event.request?.method;
      return method !== undefined && methods.some((start) => method.startsWith(start)) ? event : undefined;
    }),
});
