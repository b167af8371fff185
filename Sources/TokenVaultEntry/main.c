// Where the process begins. The C library hands its arguments to main(); Swift's CommandLine reads them from
// /proc, and has none where a sandbox hides that.
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

int tokenvault_main(int count, char **arguments);

static const char variable[] = "SWIFT_BACKTRACE";
static char *value_before;
static int is_changed;

// Before the Swift runtime's own constructors: linked statically, it looks in /proc for the path of the program, to find
// swift-backtrace beside it, and aborts if it finds none. It does not look if it is told where that is. A program that
// was loaded by a dynamic linker (AT_BASE) is asked nothing, and makes no system call here.
__attribute__((constructor(101))) static void spare_runtime_its_path(void) {
  if (getauxval(AT_BASE) != 0 || access("/proc/self/exe", F_OK) == 0) return;
  value_before = getenv(variable);
  is_changed = setenv(variable, "enable=no,swift-backtrace=/", 1) == 0;
}

int main(int count, char **arguments) {
  // The programs that we start get the environment that we were given.
  if (is_changed && value_before) setenv(variable, value_before, 1);
  if (is_changed && !value_before) unsetenv(variable);
  return tokenvault_main(count, arguments);
}
