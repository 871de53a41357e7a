/**
 * The `sqlite` sink: calls, messages and all else in a database that can be asked.
 *
 * @module
 */
import { defineSink, type SinkComponent } from "../../pipeline/component.ts";
import { options } from "./options.ts";

/** Writes an SQLite database. */
const sqlite: SinkComponent<typeof options> = defineSink({
  type: "sqlite",
  summary: "Keeps calls, messages, findings and the rest in an SQLite database",
  options,
  async create(options, context) {
    const { sqliteSink } = await import("./sink.ts");
    return await sqliteSink(options, context);
  },
});
export default sqlite;
