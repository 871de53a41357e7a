/**
 * What a result is, and what has to come before the real one: input, or the end of a task.
 *
 * Source: `modelcontextprotocol/modelcontextprotocol` at b0f60ba5, `schema/draft/schema.ts` (Result,
 * InputRequiredResult, InputResponseRequestParams) and `schema/2025-11-25/schema.ts` (CreateTaskResult, GetTaskResult);
 * `modelcontextprotocol/ext-tasks`, `schema/draft/schema.ts` (CreateTaskResult, DetailedTask).
 *
 * @module
 */
import type { Json } from "../../pipeline/event.ts";
import { asObject, member, textMember } from "./json.ts";

/** `complete` where a result says nothing else; `input_required` and `task` since 2026-07-28. */
export function resultTypeOf(result: Json | undefined): string {
  return textMember(result, "resultType") ?? "complete";
}

/** What an `input_required` result asks for. */
export interface InputRequired {
  /** To be sent back as it is. */
  readonly state: string | undefined;
  /** The names of what is asked for, in order of the alphabet. */
  readonly keys: readonly string[];
}

/** What a result with `resultType` `input_required` asks for. */
export function inputRequiredOf(result: Json | undefined): InputRequired {
  return { state: textMember(result, "requestState"), keys: keysOf(member(result, "inputRequests")) };
}

/** What a request brings of it: undefined unless it is the next round of an earlier one. */
export function inputGivenOf(params: Json | undefined): InputRequired | undefined {
  const state = textMember(params, "requestState");
  const responses = asObject(member(params, "inputResponses"));
  if (state === undefined && responses === undefined) return undefined;
  return { state, keys: keysOf(responses) };
}

/** How far a task is. */
export type TaskStatus = "working" | "input_required" | "completed" | "failed" | "cancelled";

/** A task as a message tells of it. */
export interface TaskState {
  /** Its id. */
  readonly id: string;
  /** As sent: one of {@linkcode TaskStatus}, or anything. */
  readonly status: string | undefined;
  /** Of a completed task since 2026-07-28: what the call gives. */
  readonly result: Json | undefined;
  /** Of a failed task since 2026-07-28: the JSON-RPC error. */
  readonly error: Json | undefined;
}

/**
 * The task in a result or in a notification's params: itself since 2026-07-28, and in the answers to `tasks/get` and
 * `tasks/cancel` before; its member `task` where a request of 2025-11-25 became one.
 */
export function taskOf(value: Json | undefined): TaskState | undefined {
  const holder = textMember(value, "taskId") === undefined ? member(value, "task") : value;
  const id = textMember(holder, "taskId");
  if (id === undefined) return undefined;
  return {
    id,
    status: textMember(holder, "status"),
    result: member(holder, "result"),
    error: member(holder, "error"),
  };
}

/** The task that a request asks about. */
export function taskIdOf(params: Json | undefined): string | undefined {
  return textMember(params, "taskId");
}

/** The code of a JSON-RPC error; undefined if it is no number. */
export function errorCodeOf(error: Json | undefined): number | undefined {
  const code = member(error, "code");
  return typeof code === "number" ? code : undefined;
}

function keysOf(value: Json | undefined): string[] {
  return Object.keys(asObject(value) ?? {}).sort();
}
