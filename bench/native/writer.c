/*
 * Writes JSON-RPC notifications, numbered, to a child over a pipe that drains it: `writer COUNT SIZE [PER_SECOND]`.
 * Prints {"writer","reader","count","bytes","seconds"}.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

int main(int argc, char **argv)
{
	static char buffer[1 << 16];
	int ends[2], count, size, digits, status;
	double per_second = argc > 3 ? atof(argv[3]) : 0;

	if (argc < 3 || pipe(ends))
		return 2;
	count = atoi(argv[1]);
	size = atoi(argv[2]);
	pid_t reader = fork();
	if (reader == 0) {
		close(ends[1]);
		dup2(ends[0], 0);
		prctl(PR_SET_NAME, "bench-reader");
		while (read(0, buffer, sizeof buffer) > 0)
			;
		_exit(0);
	}
	close(ends[0]);
	prctl(PR_SET_NAME, "bench-writer");

	char *line = malloc(size + 100);
	int head = sprintf(line, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\","
				 "\"logger\":%n1000000000,\"data\":\"", &digits);
	memset(line + head, 'a', size > head + 4 ? size - head - 4 : 0);
	strcpy(line + (size > head + 4 ? size - 4 : head), "\"}}\n");
	int length = strlen(line);

	uint64_t start = now();
	for (int i = 0; i < count; i++) {
		/* Numbers of one length: JSON knows no leading zeros. */
		for (int d = 9, n = i; d > 0; d--, n /= 10)
			line[digits + d] = '0' + n % 10;
		if (per_second) {
			/* In ticks of 1 ms, as a busy server would send. */
			uint64_t due = start + (uint64_t)(i / per_second * 1e9) / 1000000 * 1000000;
			while (now() < due) {
				struct timespec t = { due / 1000000000, due % 1000000000 };
				clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
			}
		}
		if (write(ends[1], line, length) != length)
			return 3;
	}
	uint64_t spent = now() - start;
	close(ends[1]);
	waitpid(reader, &status, 0);
	printf("{\"writer\":%d,\"reader\":%d,\"count\":%d,\"bytes\":%d,\"seconds\":%.3f}\n", getpid(), reader, count,
	       length, spent / 1e9);
	return 0;
}
