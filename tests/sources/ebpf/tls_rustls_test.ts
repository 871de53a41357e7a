import { describe, expect, it } from "vitest";
import { rustlsName } from "../../../sources/ebpf/tls/rustls.ts";

describe("rustlsName", () => {
  it.each([ // as rustc 1.95 writes them for rustls 0.23
    [
      "_ZN67_$LT$rustls..conn..connection..Writer$u20$as$u20$std..io..Write$GT$5write17he47cf78947ffb01cE",
      "Writer.write",
    ],
    ["_ZN66_$LT$rustls..conn..connection..Reader$u20$as$u20$std..io..Read$GT$4read17h34f08ec6cb7f09d9E", "Reader.read"],
    ["_ZN54_$LT$rustls..conn..Writer$u20$as$u20$std..io..Write$GT$5write17he47cf78947ffb01cE.llvm.123", "Writer.write"],
    [
      "_RNvXs5_NtNtCshR2KMEa7eYC_6rustls4conn10connectionNtB5_6WriterNtNtCsjrHSEGnQ3l9_3std2io5Write5write",
      "Writer.write",
    ],
    [
      "_RNvXs2_NtNtCshR2KMEa7eYC_6rustls4conn10connectionNtB5_6ReaderNtNtCsjrHSEGnQ3l9_3std2io4Read4read",
      "Reader.read",
    ],
  ])("knows %s", (mangled, name) => {
    expect(rustlsName(mangled)).toBe(name);
  });

  it.each([
    "_ZN67_$LT$rustls..conn..connection..Writer$u20$as$u20$std..io..Write$GT$5flush17he47cf78947ffb01cE",
    "_RNvXs5_NtNtCshR2KMEa7eYC_6rustls4conn10connectionNtB5_6WriterNtNtCsjrHSEGnQ3l9_3std2io5Write14write_vectored",
    "_RNvXs5_NtNtCshR2KMEa7eYC_6rustls4conn10connectionNtB5_6ReaderNtNtCsjrHSEGnQ3l9_3std2io7BufRead4read",
    "SSL_write",
  ])("does not take %s for it", (mangled) => {
    expect(rustlsName(mangled)).toBe(undefined);
  });
});
