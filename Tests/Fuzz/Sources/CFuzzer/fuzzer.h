#include <stddef.h>
#include <stdint.h>

/// libFuzzer as a library: calls `run` with one input after another.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*run)(const uint8_t *input, size_t size));
