/**
 * Made-up values of every kind, and values that nearly are some. Marks and the rest are put together, so that nothing in
 * these files looks like a real one to those who look for them.
 */
import { CREDENTIALS } from "./_samples/credentials.ts";
import type { Samples } from "./_samples/made.ts";
import { MORE_TOKENS } from "./_samples/more_tokens.ts";
import { PERSONAL } from "./_samples/personal.ts";
import { VENDOR_TOKENS } from "./_samples/vendor_tokens.ts";

/** By kind. */
export const SAMPLES: Readonly<Record<string, Samples>> = {
  ...CREDENTIALS,
  ...VENDOR_TOKENS,
  ...MORE_TOKENS,
  ...PERSONAL,
};
