// The entry point of the process. The C library passes the arguments to main(); Swift's CommandLine reads them from
// /proc, and has none if a sandbox hides that.
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

int tokenvault_main(int count, char **arguments);

static const char variable[] = "SWIFT_BACKTRACE";
static char *value_before;
static int is_changed;

// Runs before the constructors of the Swift runtime. Linked statically, the runtime looks in /proc for the path of the
// program, to find swift-backtrace beside it, in eight places, and aborts if there is no path; it does not look if a
// variable names the file. A caller's own variable stays, unless the runtime would abort.
// A program that a dynamic linker has loaded (AT_BASE) needs nothing of this, and makes no system call here.
__attribute__((constructor(101))) static void spare_runtime_its_path(void) {
  if (getauxval(AT_BASE) != 0) return;
  value_before = getenv(variable);
  if (value_before && access("/proc/self/exe", F_OK) == 0) return;
  is_changed = setenv(variable, "enable=no,swift-backtrace=/", 1) == 0;
}

int main(int count, char **arguments) {
  // Child processes get the environment of the parent.
  if (is_changed && value_before) setenv(variable, value_before, 1);
  if (is_changed && !value_before) unsetenv(variable);
  return tokenvault_main(count, arguments);
}
