#include <openssl/conf.h>
#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <string.h>

// The first fetch of a cipher makes OpenSSL 3.0 construct all of a provider, some 130, which takes longer than all else
// that a short process does with it. So this is a provider (provider(7)) that has two ciphers of the default provider,
// which implements them as ever.

// Variables of functions: Swift leaves out those of a header.
static inline OSSL_ALGORITHM *openssl_two_ciphers(void) {
  static OSSL_ALGORITHM ciphers[3];
  return ciphers;
}

static inline OSSL_PROVIDER **openssl_default_provider(void) {
  static OSSL_PROVIDER *provider;
  return &provider;
}

static inline const OSSL_ALGORITHM *openssl_query(void *context, int operation, int *isVolatile) {
  (void)context;
  *isVolatile = 0;
  return operation == OSSL_OP_CIPHER ? openssl_two_ciphers() : NULL;
}

static inline int openssl_provide(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *core,
                                  const OSSL_DISPATCH **functions, void **context) {
  static const OSSL_DISPATCH table[] = {
      {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))openssl_query}, {0, NULL}};
  (void)handle;
  (void)core;
  *functions = table;
  *context = OSSL_PROVIDER_get0_provider_ctx(*openssl_default_provider());
  return 1;
}

static inline int openssl_has_name(const OSSL_ALGORITHM *cipher, const char *name) {
  size_t size = strlen(name);
  return strncmp(cipher->algorithm_names, name, size) == 0 &&
         (cipher->algorithm_names[size] == ':' || cipher->algorithm_names[size] == 0);
}

/// A library context that has AES-256-GCM and AES-256-ECB alone; NULL if it cannot be made. To be called once.
static inline OSSL_LIB_CTX *openssl_context_of_two_ciphers(void) {
  int isVolatile = 0, count = 0;
  OSSL_PROVIDER *provider = *openssl_default_provider() = OSSL_PROVIDER_load(NULL, "default");
  if (provider == NULL) return NULL;
  const OSSL_ALGORITHM *cipher =
      OSSL_PROVIDER_query_operation(provider, OSSL_OP_CIPHER, &isVolatile);
  if (isVolatile) return NULL;
  for (; cipher != NULL && cipher->algorithm_names != NULL && count < 2; cipher++)
    if (openssl_has_name(cipher, "AES-256-GCM") || openssl_has_name(cipher, "AES-256-ECB"))
      openssl_two_ciphers()[count++] = *cipher;
  OSSL_LIB_CTX *context = count == 2 ? OSSL_LIB_CTX_new() : NULL;
  if (context == NULL) return NULL;
  if (OSSL_PROVIDER_add_builtin(context, "tokenvault", openssl_provide) == 1 &&
      OSSL_PROVIDER_load(context, "tokenvault") != NULL)
    return context;
  OSSL_LIB_CTX_free(context);
  return NULL;
}
