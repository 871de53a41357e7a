/**
 * Logging in: the token stands in the address that mcpsonde prints, and leaves it at once.
 *
 * @module
 */
/// <reference lib="dom" />
import { api, ApiError, needsLogin } from "./api.ts";

/** The token in the address, behind `?token=` or `#token=`; it is taken out of the address and of the history. */
export function takeToken(): string | undefined {
  const url = new URL(location.href);
  const fragment = new URLSearchParams(/[#&]token=/.test(url.hash) ? url.hash.slice(1) : "");
  const token = url.searchParams.get("token") ?? fragment.get("token") ?? undefined;
  if (token === undefined) return undefined;
  url.searchParams.delete("token");
  if (fragment.has("token")) url.hash = "";
  history.replaceState(null, "", url.pathname + url.search + url.hash);
  return token;
}

/** How it went. */
export type Login = "ok" | "wrong" | "many" | "unreachable";

/** Hands in a token; afterwards there is a cookie. */
export async function logIn(token: string): Promise<Login> {
  try {
    await api.login(token);
    needsLogin.value = false;
    return "ok";
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 0) return "unreachable";
    return error.status === 429 ? "many" : "wrong";
  }
}
