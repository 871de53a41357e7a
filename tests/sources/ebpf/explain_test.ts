import { describe, expect, it } from "vitest";
import { isKernelNewEnough, type Machine, obstacle, tlsObstacle } from "../../../sources/ebpf/explain.ts";

const good: Machine = {
  os: "linux",
  arch: "x86_64",
  release: "6.1.0-30-amd64",
  capabilities: 1n << 21n,
  btf: true,
  lockdown: undefined,
};

describe("obstacle", () => {
  it("finds none on a machine that can", () => {
    expect(obstacle(good)).toBeUndefined();
    expect(obstacle({ ...good, capabilities: (1n << 38n) | (1n << 39n) })).toBeUndefined();
    expect(obstacle({ ...good, lockdown: "integrity" })).toBeUndefined();
  });

  it.each<[string, Partial<Machine>, RegExp]>([
    ["another system", { os: "darwin" }, /needs Linux.*proxy/],
    ["another architecture", { arch: "riscv64" }, /x86_64 and aarch64/],
    ["an old kernel", { release: "5.10.0-8-amd64" }, /5\.10\.0-8-amd64 is too old.*5\.15/],
    ["no capability", { capabilities: 0n }, /root.*CAP_BPF and CAP_PERFMON/],
    ["half the capabilities", { capabilities: 1n << 39n }, /CAP_BPF and CAP_PERFMON/],
    ["no BTF", { btf: false }, /BTF.*CONFIG_DEBUG_INFO_BTF/],
    ["lockdown", { lockdown: "confidentiality" }, /lockdown/],
  ])("says what to do about %s in one sentence", (_, change, expected) => {
    const text = obstacle({ ...good, ...change })!;
    expect(text).toMatch(expected);
    expect(text).not.toContain("\n");
  });
});

describe("tlsObstacle", () => {
  it("tells what is not seen without CAP_SYS_PTRACE, which no other capability gives", () => {
    expect(tlsObstacle(good)).toContain("CAP_SYS_PTRACE");
    expect(tlsObstacle({ ...good, capabilities: 1n << 19n })).toBeUndefined();
  });
});

describe("isKernelNewEnough", () => {
  it.each([["5.14.9", false], ["5.15.0", true], ["6.1", true], ["4.19.0", false], ["10.0-rc1", true]])(
    "%s: %s",
    (release, expected) => {
      expect(isKernelNewEnough(release)).toBe(expected);
    },
  );
});
