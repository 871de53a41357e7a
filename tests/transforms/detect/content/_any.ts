/** Texts of any kind, for property tests. */
import fc from "fast-check";

/** Any code units, lone surrogates too; ASCII more often than not. */
export const anyText: fc.Arbitrary<string> = fc.array(fc.oneof(fc.nat(0x7f), fc.nat(0xffff)), { maxLength: 120 })
  .map((codes) => String.fromCharCode(...codes));
