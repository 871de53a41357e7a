#!/bin/sh
# Builds capture.bpf.c for x86-64 and arm64. With --check, builds elsewhere and compares with the committed objects.
# The objects depend on the compiler: Debian 12's clang 14 builds the committed ones, byte for byte.
set -eu
cd "$(dirname "$0")"
CLANG=${CLANG:-clang-14} STRIP=${LLVM_STRIP:-llvm-strip-14}
out=.
if [ "${1:-}" = "--check" ]; then
  out=$(mktemp -d)
  trap 'rm -rf "$out"' EXIT
fi
build() { # target-arch, name: linux/types.h needs some asm/types.h; any architecture's will do
  "$CLANG" -g -O2 -Wall -Werror -target bpf -mcpu=v3 "-D__TARGET_ARCH_$1" "-I/usr/include/$(uname -m)-linux-gnu" \
    -fdebug-compilation-dir=. -c capture.bpf.c -o "$out/capture.$2.bpf.o"
  "$STRIP" -g "$out/capture.$2.bpf.o"
  [ "$out" = . ] || cmp "$out/capture.$2.bpf.o" "capture.$2.bpf.o" || {
    echo "bpf/capture.$2.bpf.o is not what bpf/capture.bpf.c builds; run bpf/build.sh and commit the result" >&2
    exit 1
  }
}
build x86 x86_64
build arm64 aarch64
