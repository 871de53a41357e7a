/**
 * Policies: what clients may ask of servers. Proxies enforce them; on what is only watched they make findings.
 *
 * @module
 */
export { denies, type PolicyConfig, type PolicyRule } from "./config.ts";
export { DENIED, type Judgement, TextJudge, tooLongAnswer, UNCLEAR, unclearAnswer } from "./judge.ts";
export { compilePolicy, type Denial, type Policy } from "./rules.ts";
