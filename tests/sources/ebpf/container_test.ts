import { describe, expect, it } from "vitest";
import { parseCgroup } from "../../../sources/ebpf/container.ts";

const ID = "4f2d6c0a9b8e7d6c5b4a39281706f5e4d3c2b1a0998877665544332211ffeedd";

describe("parseCgroup", () => {
  it.each([
    ["Docker, systemd", `0::/system.slice/docker-${ID}.scope`],
    ["Docker, cgroupfs", `0::/docker/${ID}`],
    ["Docker, version 1", `12:memory:/docker/${ID}\n1:name=systemd:/docker/${ID}\n0::/system.slice/containerd.service`],
    ["Kubernetes, containerd", `0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${ID}.scope`],
    ["Kubernetes, CRI-O", `0::/kubepods.slice/crio-${ID}.scope/container`],
    ["Podman", `0::/user.slice/libpod-${ID}.scope`],
  ])("finds the container of %s", (_, text) => expect(parseCgroup(text).container).toBe(ID.slice(0, 12)));

  it("finds containers with names", () => {
    expect(parseCgroup("0::/lxc.payload.web1/init.scope").container).toBe("web1");
    expect(parseCgroup("0::/machine.slice/machine-build.scope").container).toBe("build");
  });

  it("finds none on the host", () => {
    expect(parseCgroup("0::/user.slice/user-0.slice/session-1.scope\n")).toEqual({
      cgroup: "/user.slice/user-0.slice/session-1.scope",
      container: undefined,
    });
    expect(parseCgroup("")).toEqual({ cgroup: undefined, container: undefined });
  });
});
