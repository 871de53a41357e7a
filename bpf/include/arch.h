/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Syscall numbers and where a syscall's arguments still stand at its exit, per architecture. */
#pragma once
#include "kernel.h"

#if defined(__TARGET_ARCH_x86)
/* arch/x86/entry/syscalls/syscall_64.tbl */
enum {
  NR_read = 0, NR_write = 1, NR_readv = 19, NR_writev = 20, NR_sendto = 44, NR_recvfrom = 45, NR_sendmsg = 46,
  NR_recvmsg = 47, NR_preadv2 = 327, NR_pwritev2 = 328,
};
#define SYSCALL_NR(GET, regs) GET(regs, orig_ax)
#define SYSCALL_ARG1(GET, regs) GET(regs, di)
#define SYSCALL_ARG2(GET, regs) GET(regs, si)
#define SYSCALL_ARG3(GET, regs) GET(regs, dx)
#define SYSCALL_ARG4(GET, regs) GET(regs, r10)
/* TS_COMPAT, arch/x86/include/asm/thread_info.h: the call came through the 32-bit entry, with other numbers. */
#define IS_COMPAT(GET, task) (GET(task, thread_info.status) & 0x2)
#elif defined(__TARGET_ARCH_arm64)
/* include/uapi/asm-generic/unistd.h */
enum {
  NR_read = 63, NR_write = 64, NR_readv = 65, NR_writev = 66, NR_sendto = 206, NR_recvfrom = 207, NR_sendmsg = 211,
  NR_recvmsg = 212, NR_preadv2 = 286, NR_pwritev2 = 287,
};
#define SYSCALL_NR(GET, regs) GET(regs, syscallno)
/* regs[0] holds the return value at exit; the first argument is kept in orig_x0. */
#define SYSCALL_ARG1(GET, regs) GET(regs, orig_x0)
#define SYSCALL_ARG2(GET, regs) GET(regs, regs[1])
#define SYSCALL_ARG3(GET, regs) GET(regs, regs[2])
#define SYSCALL_ARG4(GET, regs) GET(regs, regs[3])
/* TIF_32BIT, arch/arm64/include/asm/thread_info.h */
#define IS_COMPAT(GET, task) (GET(task, thread_info.flags) & (1ul << 22))
#else
#error "define __TARGET_ARCH_x86 or __TARGET_ARCH_arm64"
#endif
