/**
 * Where requests go, and who they say they are from.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** How a user proves who they are. */
export interface Credentials {
  readonly token?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** The URL, with a product's usual path where the user gave none, and these parameters where they gave no other value. */
export function target(url: string, path: string, parameters: Readonly<Record<string, string>> = {}): string {
  const made = new URL(url);
  if (made.pathname === "/") made.pathname = path;
  for (const [name, value] of Object.entries(parameters)) {
    if (!made.searchParams.has(name)) made.searchParams.set(name, value);
  }
  return made.href;
}

/** The header `authorization`: of a token with this scheme, else of user and password; none of neither. */
export function authorization(
  { token, user, password }: Credentials,
  scheme: string,
): { authorization: string } | Record<never, never> {
  if (token !== undefined) return { authorization: `${scheme} ${token}` };
  if (user === undefined) return {};
  const pair = Buffer.from(`${user}:${password ?? ""}`, "utf8").toString("base64");
  return { authorization: `Basic ${pair}` };
}
