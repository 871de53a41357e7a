/*
 * What a call costs its caller: `cost write COUNT` writes 300-byte JSON-RPC lines into a pipe whose reader is the same
 * process (so that no scheduling is measured: 100 writes, one read), `cost plain COUNT` the same bytes without JSON,
 * `cost tcp COUNT` those over a loopback connection, `cost getppid COUNT` makes an unrelated call. A third argument is a pause after each 100 writes, in microseconds.
 * Prints ns per call.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
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

/* A connection to oneself: ends[0] to read, ends[1] to write. */
static int connection(int ends[2])
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&address, &size))
		return -1;
	ends[1] = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(ends[1], (struct sockaddr *)&address, size))
		return -1;
	ends[0] = accept(listener, 0, 0);
	return ends[0] < 0;
}

int main(int argc, char **argv)
{
	static char drain[SIZE * GROUP];
	char line[SIZE + 1];
	int ends[2];
	uint64_t spent = 0;

	if (argc < 3 || (strcmp(argv[1], "tcp") ? pipe(ends) : connection(ends)))
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
