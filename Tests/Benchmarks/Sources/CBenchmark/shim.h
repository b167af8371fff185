#include <dlfcn.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

// The C library declares these only with _GNU_SOURCE, or in a header that Swift does not import.
int syncfs(int file);
int malloc_trim(unsigned long pad);

// SQLite or SQLCipher, loaded by name: both export the same symbols, so a process with both can link neither.
// The members have the order of `names` below.
typedef struct {
  int (*open)(const char *path, void **database, int flags, const char *vfs);
  int (*close)(void *database);
  int (*exec)(void *database, const char *text, void *callback, void *argument, void *error);
  int (*busy_timeout)(void *database, int milliseconds);
  int (*changes)(void *database);
  int (*prepare)(void *database, const char *text, int size, void **statement, void *rest);
  int (*bind_text)(void *statement, int index, const char *text, int size, long destructor);
  int (*step)(void *statement);
  int (*reset)(void *statement);
  int (*finalize)(void *statement);
  const unsigned char *(*column_text)(void *statement, int column);
  int (*column_bytes)(void *statement, int column);
  const char *(*errmsg)(void *database);
} SQLFunctions;

// Returns 1, or 0 if the library or one of its functions is missing.
static inline int sql_load(const char *file, SQLFunctions *functions) {
  static const char *const names[] = {
      "open_v2", "close", "exec",     "busy_timeout", "changes",      "prepare_v2", "bind_text",
      "step",    "reset", "finalize", "column_text",  "column_bytes", "errmsg"};
  void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!library) return 0;
  for (unsigned index = 0; index < sizeof names / sizeof *names; index++) {
    char name[40];
    snprintf(name, sizeof name, "sqlite3_%s", names[index]);
    void *function = dlsym(library, name);
    if (!function) return 0;
    ((void **)functions)[index] = function;
  }
  return 1;
}

// Seals (1) or opens (0) `size` bytes with AES-256-GCM in messages of 16 KiB, with the key set once. Returns 1, or 0
// if OpenSSL refuses. `tags` has 16 bytes for each message.
static inline int aes_256_gcm(int seal, const unsigned char *input, unsigned char *output,
                              unsigned char *tags, long size) {
  static const unsigned char key[32] = {3};
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  int good = EVP_CipherInit_ex(context, EVP_aes_256_gcm(), NULL, key, NULL, seal);
  for (long start = 0; good && start < size; start += 16384, tags += 16) {
    unsigned char nonce[12] = {0};
    memcpy(nonce, &start, sizeof start);
    int length, count = size - start < 16384 ? (int)(size - start) : 16384;
    good = EVP_CipherInit_ex(context, NULL, NULL, NULL, nonce, -1) &&
           EVP_CipherUpdate(context, output + start, &length, input + start, count) &&
           (seal || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, tags)) &&
           EVP_CipherFinal_ex(context, output + start + length, &length) &&
           (!seal || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, tags));
  }
  EVP_CIPHER_CTX_free(context);
  return good;
}
