import { describe, expect, it } from "vitest";
import type { Process } from "../../../pipeline/event.ts";
import { wanted } from "../../../sources/ebpf/filter.ts";

const process = (pid: number, comm: string, more: Partial<Process> = {}): Process => ({
  pid,
  comm,
  name: comm,
  ...more,
});
const selection = { pid: [], comm: [], container: [] };
const claude = process(1, "claude"),
  server = process(2, "MainThread", { exe: "/usr/bin/nodejs", name: "server-everything", container: "0123456789ab" });

describe("wanted", () => {
  it("is undefined when nothing is asked for", () => expect(wanted(undefined, undefined, undefined)).toBeUndefined());

  it.each([
    [{ ...selection, pid: [1] }, true],
    [{ ...selection, pid: [3] }, false],
    [{ ...selection, comm: ["server-*"] }, true],
    [{ ...selection, comm: ["serv"] }, false],
    [{ ...selection, comm: ["nodejs"] }, true],
    [{ ...selection, container: ["0123456789abcdef0123"] }, true],
    [{ ...selection, container: ["0123456789ab"] }, true],
    [{ ...selection, container: ["ffff56789abc"] }, false],
  ])("takes a stream with either end in only: %j", (only, expected) => {
    expect(wanted(only, undefined, undefined)!(claude, server)).toBe(expected);
    expect(wanted(undefined, only, undefined)!(server, claude)).toBe(!expected);
  });

  it("lets except win over only", () => {
    expect(wanted({ ...selection, pid: [1] }, { ...selection, pid: [2] }, undefined)!(claude, server)).toBe(false);
  });

  it("takes descendants where children are followed", () => {
    const lineage = (pid: number) => (pid === 2 ? [2, 9] : [pid]);
    expect(wanted({ ...selection, pid: [9] }, undefined, lineage)!(claude, server)).toBe(true);
    expect(wanted({ ...selection, pid: [9] }, undefined, undefined)!(claude, server)).toBe(false);
  });

  it("decides with one end unknown", () => {
    expect(wanted({ ...selection, comm: ["claude"] }, undefined, undefined)!(claude, undefined)).toBe(true);
    expect(wanted({ ...selection, comm: ["claude"] }, undefined, undefined)!(undefined, undefined)).toBe(false);
  });
});
