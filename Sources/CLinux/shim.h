// The calls and constants that Swift cannot name: glibc has none, its module does not show it, or it is a macro of
// several words. No logic.
#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/memfd.h>
#include <linux/stat.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// fcntl(2) and open(2). The numbers are of linux/fcntl.h, which cannot be included beside glibc's fcntl.h.
static const int LINUX_F_OFD_SETLK = 37;
static const int LINUX_AT_EMPTY_PATH = 0x1000;
static const int LINUX_O_TMPFILE = 020000000 | O_DIRECTORY;

// wait(2): how a process ended, as an exit status or as a signal
static inline int linux_has_exited(int status) { return WIFEXITED(status); }
static inline int linux_exit_status(int status) { return WEXITSTATUS(status); }
static inline int linux_end_signal(int status) { return WTERMSIG(status); }

// pipe2(2)
static inline int linux_pipe2(int *descriptors, int flags) {
  return (int)syscall(SYS_pipe2, descriptors, flags);
}

// sync_file_range(2) of a whole file, which waits for nothing; SYNC_FILE_RANGE_WRITE is 2
static inline int linux_start_writing(int file) {
  return (int)syscall(SYS_sync_file_range, file, (int64_t)0, (int64_t)0, 2u);
}

// statx(2), of which only the attributes are asked for
static inline int linux_attributes(int directory, const char *path, int flags,
                                   uint64_t *attributes) {
  struct statx status;
  int result = (int)syscall(SYS_statx, directory, path, flags, 0, &status);
  if (result == 0) *attributes = status.stx_attributes;
  return result;
}

// statx(2), without the times; of the file itself if the path is empty
static inline int linux_identity(int file, const char *path, struct statx *status) {
  return (int)syscall(SYS_statx, file, path, LINUX_AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW,
                      STATX_BASIC_STATS & ~(STATX_ATIME | STATX_MTIME | STATX_CTIME), status);
}

// makedev(3): the number of a device, as stat(2) has it
static inline uint64_t linux_device(uint32_t major, uint32_t minor) {
  return (uint64_t)(minor & 0xFF) | (uint64_t)(major & 0xFFF) << 8 |
         (uint64_t)(minor & ~0xFFu) << 12 | (uint64_t)(major & ~0xFFFu) << 32;
}

// The path is the root of a mount.
static const uint64_t LINUX_ATTRIBUTE_MOUNT_ROOT = STATX_ATTR_MOUNT_ROOT;

// lgetxattr(2)
static inline long linux_lgetxattr(const char *path, const char *name, void *value, size_t size) {
  return syscall(SYS_lgetxattr, path, name, value, size);
}

// memfd_create(2), closed on exec
static inline int linux_memfd_create(const char *name) {
  return (int)syscall(SYS_memfd_create, name, MFD_CLOEXEC);
}

// pidfd_open(2)
static inline int linux_pidfd_open(int process, unsigned flags) {
  return (int)syscall(SYS_pidfd_open, process, flags);
}

// eventfd(2), nonblocking and closed on exec
static inline int linux_eventfd(void) {
  return (int)syscall(SYS_eventfd2, 0, EFD_NONBLOCK | EFD_CLOEXEC);
}

// getrandom(2), and not glibc's function of that name: from glibc 2.41 on, that one answers from memory of the
// process, which two copies of one process share.
static inline long linux_getrandom(void *buffer, size_t size, unsigned flags) {
  return syscall(SYS_getrandom, buffer, size, flags);
}

// mremap(2), which may move the memory; MREMAP_MAYMOVE is 1
static inline void *linux_mremap(void *memory, size_t size, size_t larger) {
  return (void *)syscall(SYS_mremap, memory, size, larger, 1ul, NULL);
}

// memmem(3)
void *memmem(const void *haystack, size_t haystack_size, const void *needle, size_t needle_size);

static inline const void *linux_memmem(const void *haystack, size_t haystack_size,
                                       const void *needle, size_t needle_size) {
  return memmem(haystack, haystack_size, needle, needle_size);
}

// add_key(2): puts a key of type "user" into the user keyring (keyrings(7)), in the place of one of this name
static inline int32_t linux_add_user_key(const char *name, const void *payload, size_t size) {
  return (int32_t)syscall(SYS_add_key, "user", name, payload, size, KEY_SPEC_USER_KEYRING);
}

// KEYCTL_SEARCH: the number of a key of that name in the user keyring
static inline int32_t linux_find_user_key(const char *name) {
  return (int32_t)syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, "user", name, 0);
}

// KEYCTL_SETPERM: all rights for the possessor and the user, none for others (KEY_POS_ALL | KEY_USR_ALL, keyutils.h)
static inline long linux_make_key_private(int32_t key) {
  return syscall(SYS_keyctl, KEYCTL_SETPERM, key, 0x3f3f0000);
}

// KEYCTL_SET_TIMEOUT
static inline long linux_set_key_timeout(int32_t key, unsigned seconds) {
  return syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, seconds);
}

// KEYCTL_READ
static inline long linux_read_key(int32_t key, void *payload, size_t size) {
  return syscall(SYS_keyctl, KEYCTL_READ, key, payload, size);
}

// KEYCTL_UNLINK
static inline long linux_unlink_user_key(int32_t key) {
  return syscall(SYS_keyctl, KEYCTL_UNLINK, key, KEY_SPEC_USER_KEYRING);
}
