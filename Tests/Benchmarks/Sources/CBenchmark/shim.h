#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>

// The C library declares these only with _GNU_SOURCE, or in a header that Swift does not import.
int syncfs(int file);
unsigned gnu_dev_major(unsigned long device);
unsigned gnu_dev_minor(unsigned long device);

// The libraries of the contenders are loaded by name: what is not installed is left out, and SQLite and SQLCipher export
// the same symbols, so a process with both can link neither.

// Returns 1, or 0 if the library or one of its functions is missing.
static inline int load_functions(const char *file, const char *prefix, const char *const *names, size_t count,
                                 void *functions) {
  void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!library) return 0;
  for (size_t index = 0; index < count; index++) {
    char name[80];
    snprintf(name, sizeof name, "%s_%s", prefix, names[index]);
    void *function = dlsym(library, name);
    if (!function) return 0;
    ((void **)functions)[index] = function;
  }
  return 1;
}

// Declares a structure of a library's functions, and what fills it.
#define FUNCTION_MEMBER(result, name, ...) result (*name)(__VA_ARGS__);
#define FUNCTION_NAME(result, name, ...) #name,
#define LIBRARY(Functions, load, prefix, LIST)                                                                \
  typedef struct { LIST(FUNCTION_MEMBER) } Functions;                                                         \
  static inline int load(const char *file, Functions *functions) {                                            \
    static const char *const names[] = {LIST(FUNCTION_NAME)};                                                 \
    return load_functions(file, prefix, names, sizeof names / sizeof *names, functions);                      \
  }

// SQLite or SQLCipher.
#define SQL(F)                                                                                                \
  F(int, open_v2, const char *path, void **database, int flags, const char *vfs)                              \
  F(int, close, void *database)                                                                               \
  F(int, exec, void *database, const char *text, void *callback, void *argument, void *error)                 \
  F(int, busy_timeout, void *database, int milliseconds)                                                      \
  F(int, changes, void *database)                                                                             \
  F(int, prepare_v2, void *database, const char *text, int size, void **statement, void *rest)                \
  F(int, bind_text, void *statement, int index, const char *text, int size, long destructor)                  \
  F(int, step, void *statement)                                                                               \
  F(int, reset, void *statement)                                                                              \
  F(int, finalize, void *statement)                                                                           \
  F(const unsigned char *, column_text, void *statement, int column)                                          \
  F(int, column_bytes, void *statement, int column)                                                           \
  F(const char *, errmsg, void *database)
LIBRARY(SQLFunctions, sql_load, "sqlite3", SQL)

typedef struct {
  size_t size;
  const void *data;
} LMDBValue;

#define LMDB(F)                                                                                               \
  F(int, env_create, void **environment)                                                                      \
  F(int, env_set_mapsize, void *environment, size_t size)                                                     \
  F(int, env_open, void *environment, const char *path, unsigned flags, unsigned mode)                        \
  F(void, env_close, void *environment)                                                                       \
  F(int, txn_begin, void *environment, void *parent, unsigned flags, void **transaction)                      \
  F(int, txn_commit, void *transaction)                                                                       \
  F(void, txn_abort, void *transaction)                                                                       \
  F(void, txn_reset, void *transaction)                                                                       \
  F(int, txn_renew, void *transaction)                                                                        \
  F(int, dbi_open, void *transaction, const char *name, unsigned flags, unsigned *database)                   \
  F(int, get, void *transaction, unsigned database, LMDBValue *key, LMDBValue *value)                         \
  F(int, put, void *transaction, unsigned database, LMDBValue *key, LMDBValue *value, unsigned)               \
  F(int, del, void *transaction, unsigned database, LMDBValue *key, LMDBValue *value)                         \
  F(const char *, strerror, int error)
LIBRARY(LMDBFunctions, lmdb_load, "mdb", LMDB)

#define ROCKSDB(F)                                                                                            \
  F(void *, options_create, void)                                                                             \
  F(void, options_destroy, void *options)                                                                     \
  F(void, options_set_create_if_missing, void *options, unsigned char value)                                  \
  F(void, options_optimize_for_point_lookup, void *options, unsigned long cache_megabytes)                    \
  F(void *, open, const void *options, const char *path, char **error)                                        \
  F(void, close, void *database)                                                                              \
  F(void *, writeoptions_create, void)                                                                        \
  F(void, writeoptions_set_sync, void *options, unsigned char value)                                          \
  F(void *, readoptions_create, void)                                                                         \
  F(void *, get_pinned, void *database, const void *options, const char *key, size_t size, char **error)      \
  F(const char *, pinnableslice_value, const void *slice, size_t *size)                                       \
  F(void, pinnableslice_destroy, void *slice)                                                                 \
  F(void *, writebatch_create, void)                                                                          \
  F(void, writebatch_put, void *batch, const char *key, size_t key_size, const char *value, size_t size)      \
  F(void, writebatch_delete, void *batch, const char *key, size_t size)                                       \
  F(void, writebatch_destroy, void *batch)                                                                    \
  F(void, write, void *database, const void *options, void *batch, char **error)
LIBRARY(RocksFunctions, rocks_load, "rocksdb", ROCKSDB)
