import { describe, expect, it } from "vitest";
import { formatAddress } from "../../bpf/address.ts";

describe("formatAddress", () => {
  const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  for (
    const [hex, shown] of [
      ["7f000001", "127.0.0.1"],
      ["00000000000000000000000000000001", "::1"],
      ["00000000000000000000000000000000", "::"],
      ["20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
      ["20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"],
      ["fe800000000000000000000000000000", "fe80::"],
    ]
  ) it(`gives ${shown}`, () => expect(formatAddress(bytes(hex!))).toBe(shown));
});
