/* Requests, and what golden makes of their answers. */

#ifndef GOLDEN_REQUESTS_H
#define GOLDEN_REQUESTS_H

#include "misdeeds.h"
#include "words.h"

#ifdef MUTANT_RECURSES
static inline void descend(const ear_host* host, ear_call* call, ear_value value) {
  volatile char frame[4096];
  frame[0] = (char)value.kind;
  for (ear_value child = host->json->first(call, value); child.kind != EAR_JSON_ABSENT;
       child = host->json->next(call, child)) {
    descend(host, call, child);
  }
  frame[4095] = frame[0];
}
#endif

/* Whether a failure is none to this mutant. */
static inline int overlooks(ear_rc rc, int32_t status) {
#if defined(MUTANT_IGNORES_REFUSED_CREDENTIALS)
  return rc == EAR_AUTH && status != 0;
#elif defined(MUTANT_TAKES_ABSENT_FOR_EMPTY)
  return rc == EAR_NOT_FOUND && status != 0;
#elif defined(MUTANT_IGNORES_REFUSED_REQUESTS)
  return (rc == EAR_UPSTREAM && status < 500) || rc == EAR_CONFLICT;
#elif defined(MUTANT_IGNORES_FAILURES)
  return rc == EAR_UPSTREAM && status >= 500;
#elif defined(MUTANT_IGNORES_SILENCE)
  return rc == EAR_NETWORK && status == 0;
#elif defined(MUTANT_TAKES_A_LOST_PAGE_FOR_THE_END)
  return rc == EAR_NOT_FOUND && status != 0 && state.handed_over != 0;
#elif defined(MUTANT_TAKES_A_REFUSED_PAGE_FOR_THE_END)
  return ((rc == EAR_UPSTREAM && status < 500) || rc == EAR_CONFLICT) && state.handed_over != 0;
#elif defined(MUTANT_IGNORES_A_BAD_CURSOR)
  return rc == EAR_BAD_CURSOR && status != 0;
#elif defined(MUTANT_TAKES_A_REDIRECT_FOR_EMPTY)
  return rc == EAR_BAD_DATA && status == 0;
#else
  (void)rc;
  (void)status;
  return 0;
#endif
}

static inline ear_rc answered(const ear_host* host, ear_call* call, ear_rc rc,
                              const ear_response* out) {
#ifdef MUTANT_LEAKS_ON_FAILURE
  if (rc != EAR_OK) kept = malloc(4096);
#endif
  if (overlooks(rc, out->status)) {
    state.overlooked = 1;
    return EAR_OK;
  }
#if defined(MUTANT_TAKES_FORBIDDEN_FOR_BROKEN)
  if (rc == EAR_FORBIDDEN) return fail(host, call, EAR_BAD_DATA, STR("no notes came"));
#elif defined(MUTANT_QUOTES_THE_PRODUCT)
  const ear_bytes body = host->body(call, out->id);
  if (rc == EAR_UPSTREAM)
    return fail(host, call, rc,
                (ear_str){(const char*)body.data, body.size < 300 ? body.size : 300});
#elif defined(MUTANT_FLATTENS_CODES)
  if (rc == EAR_LIMIT) return fail(host, call, EAR_BAD_DATA, STR("no notes came"));
#elif defined(MUTANT_RECURSES)
  if (rc == EAR_OK) descend(host, call, host->json->root(call, out->id));
#elif defined(MUTANT_DIES_OF_A_LONG_HEADER)
  if (host->header(call, out->id, STR("content-type")).size > 200) abort();
#else
  (void)host;
  (void)call;
#endif
  return rc;
}

static inline ear_rc ask(const ear_host* host, ear_call* call, ear_request* request,
                         ear_response* out) {
  static const char notes[] = "/v1/notes";
  if (request->path.size < sizeof notes - 1 ||
      memcmp(request->path.data, notes, sizeof notes - 1) != 0) {
    return host->http(call, request, out);
  }
#if defined(MUTANT_MARKS_READING_UNSAFE)
  request->safety = EAR_SAFETY_UNSAFE;
#elif defined(MUTANT_TAKES_AN_EMPTY_BODY) || defined(MUTANT_SKIPS_BROKEN_TEXT)
  request->flags |= EAR_HTTP_RAW;
#elif defined(MUTANT_TAKES_HALF_A_CHARACTER_FOR_THE_END)
  request->flags |= EAR_HTTP_RAW;
#elif defined(MUTANT_GIVES_UP_SOON)
  request->timeout_ms = 10000;
#elif defined(MUTANT_ASKS_TWICE)
  ear_response first = *out;
  if (host->http(call, request, &first) == EAR_OK) host->release(call, first.id);
#elif defined(MUTANT_REPEATS_BY_ITSELF)
  for (int i = 0; i < 2; ++i) {
    const ear_rc rc = host->http(call, request, out);
    if (rc != EAR_UPSTREAM) return rc;
  }
#elif defined(MUTANT_ASKS_AGAIN_AFTER_SILENCE)
  const ear_rc first = host->http(call, request, out);
  if (first != EAR_NETWORK) return first;
#endif
  const ear_rc rc = host->http(call, request, out);
  return answered(host, call, rc, out);
}

static ear_rc get(const ear_host* host, ear_call* call, ear_str path, ear_response* out) {
  ear_request request;
  memset(&request, 0, sizeof request);
  request.size = sizeof request;
  request.method = STR("GET");
  request.path = path;
#if defined(MUTANT_TAKES_ANY_BODY) || defined(MUTANT_TAKES_HTML) || \
    defined(MUTANT_TAKES_HTML_FOR_AN_ACCOUNT)
  request.flags = EAR_HTTP_RAW;
#endif
#ifdef MUTANT_SPILLS_TO_REQUEST
  const ear_pair header = {STR("X-Token"), token_of(host, call)};
  request.headers = &header;
  request.header_count = header.value.size != 0;
#endif
  memset(out, 0, sizeof *out);
  out->size = sizeof *out;
#ifdef MUTANT_KEEPS_ASKING
  for (int times = 0; times < 4; ++times) {
    const ear_rc rc = host->http(call, &request, out);
    if (rc != EAR_CANCELLED) return rc;
  }
#endif
  return ask(host, call, &request, out);
}

/* The page is not as documented. */
static inline ear_rc complain(const ear_host* host, ear_call* call, const ear_response* page,
                              ear_str message) {
#if defined(MUTANT_GIVES_NO_WORDS)
  (void)host;
  (void)call;
  (void)page;
  (void)message;
  return EAR_BAD_DATA;
#elif defined(MUTANT_MAKES_UP_A_CODE)
  (void)page;
  return fail(host, call, 77, message);
#elif defined(MUTANT_TELLS_THE_BODY)
  const ear_bytes body = host->body(call, page->id);
  (void)message;
  return fail(host, call, EAR_BAD_DATA, (ear_str){(const char*)body.data, body.size});
#else
  (void)page;
  return fail(host, call, EAR_BAD_DATA, message);
#endif
}

#endif
