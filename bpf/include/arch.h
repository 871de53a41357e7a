/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Syscall numbers and where a syscall's arguments still stand at its exit, per architecture. */
#pragma once
#include "kernel.h"

#if defined(__TARGET_ARCH_x86)
/* arch/x86/entry/syscalls/syscall_64.tbl */
enum {
  NR_read = 0, NR_write = 1, NR_readv = 19, NR_writev = 20, NR_sendto = 44, NR_recvfrom = 45, NR_sendmsg = 46,
  NR_recvmsg = 47, NR_preadv2 = 327, NR_pwritev2 = 328, NR_mmap = 9, NR_sendfile = 40,
};
#define SYSCALL_NR(GET, regs) GET(regs, orig_ax)
#define SYSCALL_ARG1(GET, regs) GET(regs, di)
#define SYSCALL_ARG2(GET, regs) GET(regs, si)
#define SYSCALL_ARG3(GET, regs) GET(regs, dx)
#define SYSCALL_ARG4(GET, regs) GET(regs, r10)
#define SYSCALL_ARG5(GET, regs) GET(regs, r8)
/* At a user probe: the System V calling convention, and Go's (go.dev/s/regabi). */
#define CALL_ARG1(ctx) ((ctx)->di)
#define CALL_ARG2(ctx) ((ctx)->si)
#define CALL_ARG3(ctx) ((ctx)->dx)
#define CALL_ARG4(ctx) ((ctx)->cx)
#define CALL_RESULT(ctx) ((ctx)->ax)
#define CALL_RESULT2(ctx) ((ctx)->dx)
#define GO_ARG1(ctx) ((ctx)->ax)
#define GO_ARG2(ctx) ((ctx)->bx)
#define GO_ARG3(ctx) ((ctx)->cx)
#define GO_GOROUTINE(ctx) ((ctx)->r14)
/* TS_COMPAT, arch/x86/include/asm/thread_info.h: the call came through the 32-bit entry, with other numbers. */
#define IS_COMPAT(GET, task) (GET(task, thread_info.status) & 0x2)
#elif defined(__TARGET_ARCH_arm64)
/* include/uapi/asm-generic/unistd.h */
enum {
  NR_read = 63, NR_write = 64, NR_readv = 65, NR_writev = 66, NR_sendto = 206, NR_recvfrom = 207, NR_sendmsg = 211,
  NR_recvmsg = 212, NR_preadv2 = 286, NR_pwritev2 = 287, NR_mmap = 222, NR_sendfile = 71,
};
#define SYSCALL_NR(GET, regs) GET(regs, syscallno)
/* regs[0] holds the return value at exit; the first argument is kept in orig_x0. */
#define SYSCALL_ARG1(GET, regs) GET(regs, orig_x0)
#define SYSCALL_ARG2(GET, regs) GET(regs, regs[1])
#define SYSCALL_ARG3(GET, regs) GET(regs, regs[2])
#define SYSCALL_ARG4(GET, regs) GET(regs, regs[3])
#define SYSCALL_ARG5(GET, regs) GET(regs, regs[4])
/* At a user probe. struct user_pt_regs has no relocations: its layout is fixed (uapi/asm/ptrace.h). */
struct user_regs {
  __u64 regs[31];
};
#define CALL_REGS(ctx) ((const struct user_regs *)(ctx))->regs
#define CALL_ARG1(ctx) CALL_REGS(ctx)[0]
#define CALL_ARG2(ctx) CALL_REGS(ctx)[1]
#define CALL_ARG3(ctx) CALL_REGS(ctx)[2]
#define CALL_ARG4(ctx) CALL_REGS(ctx)[3]
#define CALL_RESULT(ctx) CALL_REGS(ctx)[0]
#define CALL_RESULT2(ctx) CALL_REGS(ctx)[1]
#define GO_ARG1(ctx) CALL_REGS(ctx)[0]
#define GO_ARG2(ctx) CALL_REGS(ctx)[1]
#define GO_ARG3(ctx) CALL_REGS(ctx)[2]
#define GO_GOROUTINE(ctx) CALL_REGS(ctx)[28]
/* TIF_32BIT, arch/arm64/include/asm/thread_info.h */
#define IS_COMPAT(GET, task) (GET(task, thread_info.flags) & (1ul << 22))
#else
#error "define __TARGET_ARCH_x86 or __TARGET_ARCH_arm64"
#endif
