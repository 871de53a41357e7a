/**
 * Makes events of what sensors inside processes told. Shared by the sources `spool` and `pipe`.
 *
 * @module
 */
export { ImportCheck } from "./import_check.ts";
export { type Origin, Sensors, type SensorsOptions } from "./sensors.ts";
export { plain, Told } from "./told.ts";
