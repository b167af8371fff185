// The types and constants of libcurl, which is not linked but loaded when it is first used, and the calls that
// Swift cannot make by itself: those with a variable number of arguments. `function` is the address of
// curl_easy_setopt or curl_easy_getinfo. No logic.
#include <curl/curl.h>

typedef CURLcode (*ccurl_setopt)(CURL *, CURLoption, ...);
typedef CURLcode (*ccurl_getinfo)(CURL *, CURLINFO, ...);

// curl_easy_setopt(3)
static inline CURLcode ccurl_set_long(void *function, CURL *handle, CURLoption option, long value) {
  return ((ccurl_setopt)function)(handle, option, value);
}

static inline CURLcode ccurl_set_pointer(void *function, CURL *handle, CURLoption option,
                                         const void *value) {
  return ((ccurl_setopt)function)(handle, option, value);
}

static inline CURLcode ccurl_set_writer(void *function, CURL *handle, curl_write_callback writer) {
  return ((ccurl_setopt)function)(handle, CURLOPT_WRITEFUNCTION, writer);
}

static inline CURLcode ccurl_set_observer(void *function, CURL *handle,
                                          curl_xferinfo_callback observer) {
  return ((ccurl_setopt)function)(handle, CURLOPT_XFERINFOFUNCTION, observer);
}

// curl_easy_getinfo(3)
static inline CURLcode ccurl_get_long(void *function, CURL *handle, CURLINFO info, long *value) {
  return ((ccurl_getinfo)function)(handle, info, value);
}

static inline CURLcode ccurl_get_offset(void *function, CURL *handle, CURLINFO info,
                                        curl_off_t *value) {
  return ((ccurl_getinfo)function)(handle, info, value);
}

static inline CURLcode ccurl_get_text(void *function, CURL *handle, CURLINFO info,
                                      const char **value) {
  return ((ccurl_getinfo)function)(handle, info, value);
}
