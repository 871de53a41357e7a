/*
 * An eBPF program that does nothing on the tracepoint that mcpsonde uses, sys_exit: what any program there costs. Needs no
 * libbpf. Prints a line once it is attached; ends when its standard input does.
 */
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof *attr);
}

int main(void)
{
	struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr load = {
		.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
		.insns = (uintptr_t)code,
		.insn_cnt = 2,
		.license = (uintptr_t)"GPL",
	};
	int program = bpf(BPF_PROG_LOAD, &load);
	union bpf_attr attach = { .raw_tracepoint = { .name = (uintptr_t)"sys_exit", .prog_fd = program } };

	if (program < 0 || bpf(BPF_RAW_TRACEPOINT_OPEN, &attach) < 0) {
		perror("empty");
		return 1;
	}
	puts("attached");
	fflush(stdout);
	while (read(0, code, sizeof code) > 0)
		;
	return 0;
}
