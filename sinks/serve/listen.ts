/**
 * Where to listen, as users write it.
 *
 * @module
 */
import { isIP } from "node:net";

/** An address to listen on. */
export interface Listen {
  /** A name or an address, without brackets. Empty stands for all addresses. */
  readonly host: string;
  /** 0 stands for any that is free. */
  readonly port: number;
}

/**
 * Reads `127.0.0.1:7077`, `[::1]:7077`, `localhost:7077`, `:7077`, `7077`.
 *
 * @throws {TypeError} a sentence, if it is none.
 */
export function parseListen(text: string): Listen {
  const match = /^(?:(?:\[([0-9a-fA-F:.%]+)\]|([^:[\]\s/]*)):)?(\d{1,5})$/.exec(text);
  const [, bracketed, name, digits] = match ?? [];
  const port = Number(digits);
  if (match === null || port > 65_535 || (bracketed !== undefined && isIP(bracketed) !== 6)) {
    throw new TypeError(
      `"${text.slice(0, 100)}" is no address to listen on: expected ADDRESS:PORT, such as 127.0.0.1:7077 or [::1]:7077`,
    );
  }
  return { host: bracketed ?? name ?? "127.0.0.1", port };
}

/** Whether it can be read. */
export function isListen(text: string): boolean {
  try {
    parseListen(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether only this machine reaches it. */
export function isLoopback(host: string): boolean {
  const plain = host.toLowerCase();
  return plain === "localhost" || plain === "::1" || (isIP(plain) === 4 && plain.startsWith("127."));
}

/** Whether it stands for all addresses. */
export function isUnspecified(host: string): boolean {
  return host === "" || host === "0.0.0.0" || host === "::";
}

/** As in a URL or a `Host` header: with brackets if need be. */
export function authority({ host, port }: Listen): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
