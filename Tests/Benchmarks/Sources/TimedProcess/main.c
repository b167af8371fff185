#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

// timed-process COMMAND...: runs a command without input and output; prints the microseconds from its start to its end
// and its peak resident memory in bytes.
//
// A program of its own because it is small: Linux counts the memory of the process that starts another one as part of
// the other one's peak (setmax_mm_hiwater_rss in exec_mmap), so that under Python no command takes less than Python.
int main(int count, char **words) {
  if (count < 2) return 64;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t process;
  int status;
  struct rusage usage;
  double start = now();
  if (posix_spawnp(&process, words[1], &actions, NULL, words + 1, environ) || wait4(process, &status, 0, &usage) < 0)
    return 1;
  printf("%.1f %ld\n", now() - start, usage.ru_maxrss * 1024);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
