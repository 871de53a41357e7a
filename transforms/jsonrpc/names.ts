/**
 * Method names, each made once.
 *
 * @module
 */
import { envelope, internName } from "../../protocols/jsonrpc/mod.ts";
import { type Method, methodNamed, METHODS } from "../../protocols/mcp/methods.ts";
import { readString } from "./ids.ts";

/** A method as seen on the wire. */
export interface Name {
  readonly text: string;
  /** What MCP says of it; undefined if it says nothing. */
  readonly known: Method | undefined;
}

/** By the number that the scanner gave to the name's bytes. */
const names: (Name | undefined)[] = [];
for (const [text, known] of METHODS) names[internName(text)] = { text, known };

/** The method that the scan found. It must be a string. */
export function readName(bytes: Uint8Array): Name {
  return names[envelope.method] ?? newName(bytes);
}

function newName(bytes: Uint8Array): Name {
  const text = readString(bytes, envelope.methodStart, envelope.methodEnd);
  const name = { text, known: methodNamed(text) };
  if (envelope.method >= 0) names[envelope.method] = name;
  return name;
}
