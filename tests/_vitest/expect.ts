/** vitest's `expect` outside vitest, with the diff that its reporter would print. */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  customMatchers,
  type ExpectStatic,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from "@vitest/expect";
import { printDiffOrStringify } from "@vitest/utils/diff";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

const globals = globalThis as unknown as Record<symbol, unknown>;

function build(): ExpectStatic {
  const made = ((value: unknown, message?: string) => chai.expect(value, message)) as ExpectStatic;
  Object.assign(made, chai.expect, globals[ASYMMETRIC_MATCHERS_OBJECT]);
  // JestExtend gives chai a method that wants to be told which expect it extends.
  const { expect: extensible } = chai as unknown as { expect: { extend(of: ExpectStatic, matchers: object): void } };
  made.extend = (matchers) => extensible.extend(made, matchers);
  setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null }, made);
  globals[GLOBAL_EXPECT] = made;
  made.extend(customMatchers);
  return made;
}

/** The `expect` of vitest 4: jest's matchers and chai's. */
export const expect: ExpectStatic = build();

/** Puts what was expected and what was there, line by line, into the message of a failed assertion. */
export function explain(error: unknown): unknown {
  if (!(error instanceof Error) || !("showDiff" in error) || !error.showDiff) return error;
  if (!("actual" in error) || !("expected" in error)) return error;
  const diff = printDiffOrStringify(error.actual, error.expected);
  if (diff) error.message += `\n\n${diff}\n`;
  return error;
}
