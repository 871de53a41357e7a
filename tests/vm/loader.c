/* Loads one backend of the capture object and sees a message that goes through a pipe. Statically linked for the VM. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char message[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n";
static int seen;

static int record(void *context, void *data, size_t size) {
  const unsigned char *r = data; /* struct data_record of bpf/include/records.h: 56 bytes, then the bytes */
  /* Only the writer's: where the reader was quicker, its bytes came too, and user space tells them apart. */
  if (r[0] == 1 && r[1] & 1 && size == 56 + sizeof message - 1 && !memcmp(r + 56, message, sizeof message - 1)) seen++;
  return 0;
}

int main(int argc, char **argv) {
  const char *backend = argv[2], *other = strcmp(backend, "sys_exit_raw") ? "sys_exit_raw" : "sys_exit_typed";
  struct bpf_object *object = bpf_object__open(argv[1]);
  if (!object || bpf_program__set_autoload(bpf_object__find_program_by_name(object, other), false) || bpf_object__load(object)) return 1;
  struct ring_buffer *ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "events"), record, 0, 0);
  const char *programs[] = {backend, "process_exec", "process_exit", "process_fork"};
  for (int i = 0; i < 4; i++)
    if (!bpf_program__attach(bpf_object__find_program_by_name(object, programs[i]))) return 2;
  int ends[2];
  if (pipe(ends)) return 3;
  if (!fork()) {
    char buffer[100];
    close(ends[1]);
    _exit(read(ends[0], buffer, sizeof buffer) < 0);
  }
  if (write(ends[1], message, sizeof message - 1) < 0) return 4;
  wait(0);
  ring_buffer__consume(ring); /* the programs leave waking to user space */
  printf("%s: %d message(s)\n", backend, seen);
  return seen == 1 ? 0 : 5;
}
