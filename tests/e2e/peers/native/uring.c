/*
 * A session over pipes in which one end, or both, use io_uring: `uring client|server|both`. The ring's reads and writes
 * pass no read or write system call. Ground truth goes to $TRUTH, as wire.py describes.
 */
#include <liburing.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 10

static struct io_uring ring;
static int uses_ring, is_client;
static pid_t client, server;

static void record(const char *line)
{
	FILE *truth = fopen(getenv("TRUTH"), "a");
	fprintf(truth, "{\"session\":\"s\",\"client\":%d,\"server\":%d,\"from\":\"%s\",\"raw\":\"", client, server,
		is_client ? "client" : "server");
	for (; *line && *line != '\n'; line++)
		fprintf(truth, *line == '"' ? "\\\"" : "%c", *line);
	fprintf(truth, "\"}\n");
	fclose(truth);
}

static int finish(void)
{
	struct io_uring_cqe *cqe;
	io_uring_submit(&ring);
	if (io_uring_wait_cqe(&ring, &cqe))
		exit(3);
	int result = cqe->res;
	io_uring_cqe_seen(&ring, cqe);
	return result;
}

static int receive(int fd, char *buffer, int size)
{
	if (!uses_ring)
		return read(fd, buffer, size);
	io_uring_prep_read(io_uring_get_sqe(&ring), fd, buffer, size, 0);
	return finish();
}

static void send_line(int fd, const char *line)
{
	int n, size = strlen(line);
	record(line);
	if (!uses_ring) {
		n = write(fd, line, size);
	} else {
		io_uring_prep_write(io_uring_get_sqe(&ring), fd, line, size, 0);
		n = finish();
	}
	if (n != size)
		exit(4);
}

static void begin(const char *name, const char *who)
{
	is_client = !strcmp(name, "client");
	uses_ring = !strcmp(who, name) || !strcmp(who, "both");
	prctl(PR_SET_NAME, is_client ? "uring-client" : "uring-server");
	if (io_uring_queue_init(8, &ring, 0))
		exit(5);
}

int main(int argc, char **argv)
{
	int to_server[2], to_client[2], status;
	char buffer[65536], line[1024];

	if (argc != 2 || pipe(to_server) || pipe(to_client))
		return 2;
	client = getpid();
	server = fork();
	if (server == 0) {
		server = getpid();
		close(to_server[1]);
		close(to_client[0]);
		begin("server", argv[1]);
		for (int id = 0; receive(to_server[0], buffer, sizeof buffer) > 0; id++) {
			snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{\"n\":%d}}\n", id, id);
			send_line(to_client[1], line);
		}
		return 0;
	}
	close(to_server[0]);
	close(to_client[1]);
	begin("client", argv[1]);
	for (int id = 0; id < ROUNDS; id++) {
		snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":{}}\n", id,
			 id ? "tools/call" : "initialize");
		send_line(to_server[1], line);
		if (receive(to_client[0], buffer, sizeof buffer) <= 0)
			return 6;
	}
	close(to_server[1]);
	waitpid(server, &status, 0);
	return status != 0;
}
