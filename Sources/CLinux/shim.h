// Calls that Swift cannot make by itself: glibc has no function for them, or one that its module does not
// show. No logic.
#include <linux/stat.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

// pipe2(2)
static inline int linux_pipe2(int *descriptors, int flags) {
  return (int)syscall(SYS_pipe2, descriptors, flags);
}

// statx(2), of which only the attributes are asked for
static inline int linux_attributes(int directory, const char *path, int flags,
                                   uint64_t *attributes) {
  struct statx status;
  int result = (int)syscall(SYS_statx, directory, path, flags, 0, &status);
  if (result == 0) *attributes = status.stx_attributes;
  return result;
}

// The path is the root of a mount.
static const uint64_t LINUX_ATTRIBUTE_MOUNT_ROOT = STATX_ATTR_MOUNT_ROOT;

// lgetxattr(2)
static inline long linux_lgetxattr(const char *path, const char *name, void *value, size_t size) {
  return syscall(SYS_lgetxattr, path, name, value, size);
}

// memfd_create(2)
static inline int linux_memfd_create(const char *name, unsigned flags) {
  return (int)syscall(SYS_memfd_create, name, flags);
}

// pidfd_open(2)
static inline int linux_pidfd_open(int process, unsigned flags) {
  return (int)syscall(SYS_pidfd_open, process, flags);
}

// eventfd(2)
static inline int linux_eventfd(unsigned int count, int flags) {
  return (int)syscall(SYS_eventfd2, count, flags);
}

// What no call waits for, and no other program has.
static const int LINUX_EVENTFD_PRIVATE = EFD_NONBLOCK | EFD_CLOEXEC;

// getrandom(2), and not glibc's function of that name: from glibc 2.41 on, that one answers from memory of the
// process, which two copies of one process share.
static inline long linux_getrandom(void *buffer, size_t size, unsigned flags) {
  return syscall(SYS_getrandom, buffer, size, flags);
}

// memmem(3)
void *memmem(const void *haystack, size_t haystack_size, const void *needle, size_t needle_size);

static inline const void *linux_memmem(const void *haystack, size_t haystack_size,
                                       const void *needle, size_t needle_size) {
  return memmem(haystack, haystack_size, needle, needle_size);
}

// add_key(2)
static inline int32_t linux_add_key(const char *type, const char *description, const void *payload,
                                    size_t size, int32_t keyring) {
  return (int32_t)syscall(SYS_add_key, type, description, payload, size, keyring);
}

// keyctl(2)
static inline long linux_keyctl(int operation, unsigned long a, unsigned long b, unsigned long c,
                                unsigned long d) {
  return syscall(SYS_keyctl, operation, a, b, c, d);
}
