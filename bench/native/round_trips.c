// Round trips over the standard streams of a program: `round_trips COUNT BYTES CMD...` starts it, writes lines of so many
// bytes and waits for each to come back, and prints {"first_ms","median_us","p99_us","per_second"}.
// `round_trips echo` is a program that answers: it writes what it reads.
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static int echo(void) {
  static char buffer[1 << 16];
  for (ssize_t n; (n = read(0, buffer, sizeof buffer)) > 0;)
    for (ssize_t at = 0; at < n;) {
      ssize_t written = write(1, buffer + at, n - at);
      if (written < 0) return 1;
      at += written;
    }
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "echo") == 0) return echo();
  if (argc < 4) return fprintf(stderr, "round_trips COUNT BYTES CMD...\n"), 2;
  int count = atoi(argv[1]), bytes = atoi(argv[2]), in[2], out[2];
  if (pipe(in) || pipe(out)) return 1;
  char *line = malloc(bytes), *answer = malloc(bytes);
  memset(line, 'x', bytes);
  int head = snprintf(line, bytes, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"text\":\"");
  line[head] = 'x';
  memcpy(line + bytes - 5, "\"}}}\n", 5);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  for (int i = 0; i < 2; i++) {
    posix_spawn_file_actions_addclose(&actions, in[i]);
    posix_spawn_file_actions_addclose(&actions, out[i]);
  }
  double began = now();
  pid_t pid;
  if (posix_spawnp(&pid, argv[3], &actions, NULL, argv + 3, environ)) return perror(argv[3]), 1;
  close(in[0]);
  close(out[1]);
  int warm = count / 10;
  double *times = malloc(sizeof(double) * (count + 1)), first = 0, start = 0;
  for (int i = -warm; i < count; i++) {
    if (i == 0) start = now();
    double sent = now();
    if (write(in[1], line, bytes) != bytes) return perror("write"), 1;
    for (int at = 0; at < bytes;) {
      ssize_t n = read(out[0], answer + at, bytes - at);
      if (n <= 0) return fprintf(stderr, "the program ended\n"), 1;
      at += n;
    }
    double got = now();
    if (i == -warm) first = got - began;
    if (i >= 0) times[i] = got - sent;
  }
  double took = now() - start;
  close(in[1]);
  waitpid(pid, NULL, 0);
  qsort(times, count, sizeof(double), compare);
  printf("{\"first_ms\":%.2f,\"median_us\":%.2f,\"p99_us\":%.2f,\"per_second\":%.0f}\n", first / 1e3,
         count ? times[count / 2] : 0, count ? times[count * 99 / 100] : 0, count / took * 1e6);
}
