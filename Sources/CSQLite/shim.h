// The functions of libsqlite3 that the importers call, declared here because the library's header need not be installed
// to build. The library is not linked but loaded when it is first used. Types and constants are those of sqlite3.h,
// which never change (sqlite.org/c3ref).
#include <dlfcn.h>

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;

static const int CSQLITE_OK = 0;
static const int CSQLITE_ROW = 100;
static const int CSQLITE_DONE = 101;
static const int CSQLITE_NULL = 5;
static const int CSQLITE_OPEN_READWRITE = 2;

// Result, name behind "sqlite3_", parameters.
#define CSQLITE_FUNCTIONS(F)                                                                       \
  F(int, open_v2,                                                                                  \
    (const char *_Nonnull, sqlite3 *_Nullable *_Nonnull, int, const char *_Nullable))              \
  F(int, close_v2, (sqlite3 *_Nullable))                                                           \
  F(const char *_Nonnull, errmsg, (sqlite3 *_Nullable))                                            \
  F(int, prepare_v2,                                                                               \
    (sqlite3 *_Nullable, const char *_Nonnull, int, sqlite3_stmt *_Nullable *_Nonnull,             \
     const char *_Nullable *_Nullable))                                                            \
  F(int, step, (sqlite3_stmt *_Nullable))                                                          \
  F(int, finalize, (sqlite3_stmt *_Nullable))                                                      \
  F(int, column_count, (sqlite3_stmt *_Nullable))                                                  \
  F(const char *_Nullable, column_name, (sqlite3_stmt *_Nullable, int))                            \
  F(int, column_type, (sqlite3_stmt *_Nullable, int))                                              \
  F(const unsigned char *_Nullable, column_text, (sqlite3_stmt *_Nullable, int))                   \
  F(int, column_bytes, (sqlite3_stmt *_Nullable, int))

struct csqlite {
#define F(result, name, parameters) result (*_Nonnull name) parameters;
  CSQLITE_FUNCTIONS(F)
#undef F
};

// Fills the table from a library that dlopen(3) has loaded; false if a function is missing: see dlerror(3).
static inline _Bool csqlite_find(struct csqlite *_Nonnull sqlite, void *_Nonnull library) {
#define F(result, name, parameters)                                                                \
  if (!(*(void **)&sqlite->name = dlsym(library, "sqlite3_" #name))) return 0;
  CSQLITE_FUNCTIONS(F)
#undef F
  return 1;
}
