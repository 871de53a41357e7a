/**
 * The file system as it was before anything was patched: what the sensor does itself is no event.
 *
 * @module
 */
import fs from "node:fs";

/** The functions that the sensor uses. */
export const files = {
  chmodSync: fs.chmodSync,
  closeSync: fs.closeSync,
  existsSync: fs.existsSync,
  fstatSync: fs.fstatSync,
  ftruncateSync: fs.ftruncateSync,
  mkdirSync: fs.mkdirSync,
  openSync: fs.openSync,
  readFileSync: fs.readFileSync,
  readdirSync: fs.readdirSync,
  statSync: fs.statSync,
  unlinkSync: fs.unlinkSync,
  writeSync: fs.writeSync,
} as const;
