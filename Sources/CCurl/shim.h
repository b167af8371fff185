// The types and constants of libcurl, which is not linked but loaded when it is first used; the table of the functions
// that TokenVaultHTTP calls, typed by libcurl's own declarations; and the calls that Swift cannot make, those with a
// variable number of arguments.
#include <curl/curl.h>
#include <dlfcn.h>

#define CCURL_FUNCTIONS(F)                                                                         \
  F(easy_setopt) F(easy_getinfo) F(global_init) F(easy_init) F(easy_perform) F(easy_cleanup)       \
  F(easy_strerror) F(slist_append) F(slist_free_all) F(url) F(url_set) F(url_get) F(url_cleanup)   \
  F(free)

struct ccurl {
#define F(name) __typeof__(curl_##name) *_Nonnull name;
  CCURL_FUNCTIONS(F)
#undef F
};

// Fills the table from a library that dlopen(3) has loaded; false if a function is missing: see dlerror(3).
static inline _Bool ccurl_find(struct ccurl *curl, void *library) {
#define F(name) if (!(curl->name = dlsym(library, "curl_" #name))) return 0;
  CCURL_FUNCTIONS(F)
#undef F
  return 1;
}

// curl_easy_setopt(3)
static inline CURLcode ccurl_set_long(const struct ccurl *curl, CURL *handle, CURLoption option,
                                      long value) {
  return curl->easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_pointer(const struct ccurl *curl, CURL *handle, CURLoption option,
                                         const void *value) {
  return curl->easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_writer(const struct ccurl *curl, CURL *handle,
                                        curl_write_callback writer) {
  return curl->easy_setopt(handle, CURLOPT_WRITEFUNCTION, writer);
}

static inline CURLcode ccurl_set_observer(const struct ccurl *curl, CURL *handle,
                                          curl_xferinfo_callback observer) {
  return curl->easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, observer);
}

// curl_easy_getinfo(3)
static inline CURLcode ccurl_get_long(const struct ccurl *curl, CURL *handle, CURLINFO info,
                                      long *value) {
  return curl->easy_getinfo(handle, info, value);
}

static inline CURLcode ccurl_get_offset(const struct ccurl *curl, CURL *handle, CURLINFO info,
                                        curl_off_t *value) {
  return curl->easy_getinfo(handle, info, value);
}

static inline CURLcode ccurl_get_text(const struct ccurl *curl, CURL *handle, CURLINFO info,
                                      const char **value) {
  return curl->easy_getinfo(handle, info, value);
}
