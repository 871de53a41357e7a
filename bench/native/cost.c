/*
 * What a call costs its caller: `cost write COUNT` writes 300-byte JSON-RPC lines into a pipe whose reader is the same
 * process (so that no scheduling is measured: 100 writes, one read), `cost plain COUNT` the same bytes without JSON,
 * `cost getppid COUNT` makes an unrelated call. A third argument is a pause after each 100 writes, in microseconds.
 * Prints ns per call.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SIZE 300
#define GROUP 100

static uint64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

int main(int argc, char **argv)
{
	static char drain[SIZE * GROUP];
	char line[SIZE + 1];
	int ends[2];
	uint64_t spent = 0;

	if (argc < 3 || pipe(ends))
		return 2;
	prctl(PR_SET_NAME, "bench-cost");
	int count = atoi(argv[2]), pause = argc > 3 ? atoi(argv[3]) : 0;
	if (!strcmp(argv[1], "getppid")) {
		uint64_t start = now();
		for (int i = 0; i < count; i++)
			syscall(SYS_getppid);
		spent = now() - start;
	} else {
		fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
		int head = sprintf(line, "%s\"method\":\"tools/call\",\"params\":{\"text\":\"",
				   !strcmp(argv[1], "write") ? "{\"jsonrpc\":\"2.0\",\"id\":1," : "x\"jsonrpc\":\"2.0\",\"id\":1,");
		memset(line + head, 'a', SIZE - head - 4);
		memcpy(line + SIZE - 4, "\"}}\n", 5);
		for (int i = 0; i < count; i += GROUP) {
			uint64_t start = now();
			for (int j = 0; j < GROUP; j++)
				if (write(ends[1], line, SIZE) != SIZE)
					return 3;
			spent += now() - start;
			for (int left = SIZE * GROUP; left > 0;)
				left -= read(ends[0], drain, left);
			if (pause)
				usleep(pause);
		}
	}
	printf("%.1f\n", (double)spent / count);
	return 0;
}
