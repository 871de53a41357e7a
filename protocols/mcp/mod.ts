/**
 * The Model Context Protocol: what its messages are called and say, in every revision. No state, no clock, and no
 * exception for any JSON.
 *
 * @module
 */
export { asObject, asText, type JsonObject, member, textMember } from "./json.ts";
export {
  clientInfoOf,
  implementationOf,
  META,
  metaOf,
  progressTokenOf,
  protocolVersionOf,
  relatedTaskOf,
  serverInfoOf,
} from "./meta.ts";
export { isInRevision, type Method, methodNamed, METHODS, senderOf, type Side } from "./methods.ts";
export { Field, forgetPeeked, peek, peekedFrom, peekedTo } from "./peek.ts";
export { printOf } from "./print.ts";
export {
  errorCodeOf,
  inputGivenOf,
  type InputRequired,
  inputRequiredOf,
  resultTypeOf,
  taskIdOf,
  taskOf,
  type TaskState,
  type TaskStatus,
} from "./results.ts";
export { isModern, isRevision, MODERN, type Revision, REVISIONS } from "./revisions.ts";
export { parseTraceparent, readTraceparent, type Traceparent } from "./traceparent.ts";
export { isText, isTrue, readJson, readName, readString, readToken } from "./values.ts";
