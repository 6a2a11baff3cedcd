/* A fetch from its cursor to its end. */

#ifndef GOLDEN_FETCH_H
#define GOLDEN_FETCH_H

#include <earshot/ext/text.h>

#include "pages.h"

static inline void begin(const ear_fetch* fetch) {
  memset(&state, 0, sizeof state);
  state.fetch = fetch;
#ifdef MUTANT_COUNTS_ITS_FETCHES
  ++fetches;
#endif
}

static inline ear_rc read_cursor(const ear_host* host, ear_call* call, ear_bytes* cursor) {
#ifdef MUTANT_FORGETS_ITS_CURSOR
  (void)host;
  (void)call;
  *cursor = (ear_bytes){NULL, 0};
  return EAR_OK;
#else
  return host->cursor(call, STR(""), cursor);
#endif
}

static inline ear_rc end(const ear_host* host, ear_call* call, ear_rc rc) {
#ifdef MUTANT_REFUSES_AN_EMPTY_ACCOUNT
  if (rc == EAR_OK && state.handed_over == 0)
    return fail(host, call, EAR_NOT_FOUND, STR("there are no notes"));
#endif
  (void)host;
  (void)call;
  return rc;
}

/* Fetches from a cursor to the end. `position` is where the next one is kept. */
static ear_rc fetch_pages(const ear_instance* self, ear_call* call, ear_bytes cursor,
                          char* position) {
  const ear_host* host = self->host;
  ear_rc rc = EAR_OK;
#ifdef MUTANT_SHARES_STATE
  static int more;
  more = 1;
#else
  int more = 1;
#endif
  while (rc == EAR_OK && more) {
    ear_response page;
    rc = get_page(self, call, cursor, &page);
    if (rc == EAR_OK) rc = take_page(host, call, &page, &more);
    if (rc != EAR_OK || !more) break;
    const ear_str next = text_at(host, call, &page, STR("/next"));
#ifdef MUTANT_PEEKS_BEHIND
    (void)*(const volatile char*)(next.data + next.size);
#endif
#ifdef MUTANT_LEAKS_A_PAGE
    kept = malloc(256);
#endif
    memcpy(position, next.data, next.size);
    cursor = (ear_bytes){(const uint8_t*)position, next.size};
    host->release(call, page.id);
#ifdef MUTANT_READS_AFTER_RELEASE
    (void)*(const volatile char*)next.data;
#endif
  }
  return end(host, call, rc);
}

/* Codes that the host answered are passed up as they are. */
static ear_rc passed_up(ear_rc rc) {
#ifdef MUTANT_SWALLOWS_CANCEL
  if (rc == EAR_CANCELLED) return EAR_OK;
#endif
#ifdef MUTANT_SWALLOWS_DEADLINE
  if (rc == EAR_DEADLINE) return EAR_NETWORK;
#endif
#ifdef MUTANT_SWALLOWS_CLOSED_SINK
  if (rc == EAR_SINK_CLOSED) return EAR_OK;
#endif
#ifdef MUTANT_SWALLOWS_SPENT_QUOTA
  if (rc == EAR_YIELDED) return EAR_RATE_LIMITED;
#endif
#ifdef MUTANT_TAKES_TOO_MUCH_FOR_NOTHING
  if (rc == EAR_LIMIT) return EAR_OK;
#endif
#ifdef MUTANT_MAKES_UP_A_STOP
  if (rc == EAR_LIMIT) return EAR_YIELDED;
#endif
  return rc;
}

#ifdef MUTANT_HOLDS_A_LOCK
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
#endif

static ear_rc fetch_feedback(ear_instance* self, ear_call* call, const ear_fetch* fetch) {
  const ear_host* host = self->host;
  const ear_pair account = {STR("account"), {self->account, self->account_size}};
  ear_bytes cursor;
  begin(fetch);
#ifdef MUTANT_KEEPS_THE_FETCH
  self->fetch = fetch;
#endif
#ifdef MUTANT_KEEPS_THREAD_STATE
  host = (const ear_host*)host_of_thread->version.data == NULL ? NULL : host;
#endif
#ifdef MUTANT_KEEPS_THE_CALL
  (void)host->now(self->opened_by);
#endif
#ifdef MUTANT_COMPUTES_LONG
  static int fetched; /* once a process: no case needs more, and all of them fetch a lot */
  if (fetched++ == 0) compute(130);
#endif
#ifdef MUTANT_MISSES_NOTHING
  const ear_text* reader = host->extension(host, STR(EAR_EXT_TEXT));
  (void)reader->time(STR("2026-03-02T12:00:00Z"));
#endif
#ifdef MUTANT_STAYS_BROKEN
  if (self->broken) return fail(host, call, EAR_INTERNAL, STR("it failed before"));
#endif
#ifdef MUTANT_ASKS_A_STRANGER
  ear_response answer;
  const ear_rc asked = get(host, call, STR("https://tracker.example/collect"), &answer);
  if (asked == EAR_CANCELLED || asked == EAR_DEADLINE || asked == EAR_SINK_CLOSED ||
      asked == EAR_YIELDED)
    return asked;
#endif
#ifdef MUTANT_SPILLS_TO_LOG
  host->log(call, EAR_LOG_INFO, token_of(host, call), NULL, 0);
#endif
  host->log(call, EAR_LOG_DEBUG, STR("fetching notes"), &account, 1);
  char* position = host->alloc(call, MOST_CURSOR, 1);
#ifndef MUTANT_CHECKS_NO_MEMORY
  if (position == NULL) return fail(host, call, EAR_LIMIT, STR("no memory for a cursor"));
#endif
#ifdef MUTANT_HOLDS_A_LOCK
  pthread_mutex_lock(&one_at_a_time);
#endif
  ear_rc rc = read_cursor(host, call, &cursor);
  if (rc == EAR_OK) rc = fetch_pages(self, call, cursor, position);
#ifdef MUTANT_HOLDS_A_LOCK
  pthread_mutex_unlock(&one_at_a_time);
#endif
#ifdef MUTANT_STAYS_BROKEN
  self->broken = rc != EAR_OK;
#endif
  return passed_up(rc);
}

#endif
