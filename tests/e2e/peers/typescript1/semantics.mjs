/** What the client and the server of the semantics tests share. */
import process from "node:process";
import { z } from "zod";

/** Takes any result. */
export const any = z.looseObject({});

/** A tool's result: one block of text. */
export const say = (text) => ({ content: [{ type: "text", text }] });

/** The tasks that one side runs (2025-11-25): each is done by the second time that it is asked for. */
export class Tasks {
  #all = new Map();
  #notify;
  #next = 1;

  constructor(notify) {
    this.#notify = notify;
  }

  /** A new one: the answer to the request that wants it. */
  async make(result) {
    const task = this.#task(`task-${process.pid}-${this.#next++}`, "working");
    this.#all.set(task.taskId, { task, result, asked: 0 });
    await this.#notify("notifications/tasks/status", task);
    return { task };
  }

  /** The answer to a request about tasks. */
  async answer(method, { taskId } = {}) {
    if (method === "tasks/list") return { tasks: [...this.#all.values()].map(({ task }) => task) };
    const one = this.#all.get(taskId);
    if (method === "tasks/cancel") return one.task = this.#task(taskId, "cancelled");
    if (method === "tasks/get") {
      if (++one.asked > 1) one.task = this.#task(taskId, "completed");
      return one.task;
    }
    one.task = this.#task(taskId, "completed");
    return { ...one.result, _meta: { "io.modelcontextprotocol/related-task": { taskId } } };
  }

  #task(taskId, status) {
    const now = new Date().toISOString();
    return { taskId, status, createdAt: now, lastUpdatedAt: now, ttl: 60_000, pollInterval: 10 };
  }
}
