/**
 * The filter language: one small expression for the `filter` transform, `--filter`, and wherever events are searched.
 * docs/filter.md describes it for its users.
 *
 * @module
 */
export { fieldsOf, MANY, ONE, type Operator, type Pattern, type Query, type Value } from "./ast.ts";
export { type CompileOptions, compileQuery, type Test } from "./compile.ts";
export { describeQuery } from "./describe.ts";
export { QueryError, type QueryProblem } from "./error.ts";
export { type Field } from "./field.ts";
export { FIELD_GROUPS, FIELD_NAMES, fieldNamed, FIELDS } from "./fields.ts";
export { MAX_DEPTH, MAX_LENGTH, parseQuery } from "./parse.ts";
export { printQuery } from "./print.ts";
export { ready } from "./ready.ts";
export { nameOf, type Status, statusOf } from "./_subject.ts";
