/**
 * Secrets and personal data: what they look like, and what names say of their values.
 *
 * @module
 */
export { type Finding, findInMember, findSensitive } from "./find.ts";
export { isSecretKey, SECRET_KEY_NEEDLES } from "./key_names.ts";
export type { Found, SensitiveKind } from "./kind.ts";
export { SENSITIVE } from "./kinds.ts";
export { type KindGroup, partitionKinds } from "./partition.ts";
