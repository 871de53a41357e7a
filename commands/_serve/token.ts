/**
 * A token in a file.
 *
 * @module
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "../_exit.ts";

/** Characters of a token, and the fewest. */
const TOKEN = /^[\x21-\x7e]{16,512}$/;

/** The token of the file's first line. A file that is not there is made, with a new token, for its owner only. */
export async function tokenOf(path: string): Promise<string> {
  let text: string;
  try {
    if ((statSync(path).mode & 0o077) !== 0) throw new Failure(`${path} can be read by others: chmod 600 ${path}`);
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw sentence(error, path);
    const { makeToken } = await import("../../sinks/serve/token.ts");
    const token = makeToken();
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, `${token}\n`, { mode: 0o600, flag: "wx" });
    } catch (error) {
      throw sentence(error, path);
    }
    return token;
  }
  const token = text.split("\n", 1)[0]?.trim() ?? "";
  if (!TOKEN.test(token)) {
    throw new Failure(`${path} holds no token: expected one line of 16 to 512 visible ASCII characters`);
  }
  return token;
}

function sentence(error: unknown, path: string): Failure {
  if (error instanceof Failure) return error;
  return new Failure(`the token file ${path} cannot be used: ${error instanceof Error ? error.message : error}`);
}
