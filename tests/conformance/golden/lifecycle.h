/* An instance: configured, opened, closed. */

#ifndef GOLDEN_LIFECYCLE_H
#define GOLDEN_LIFECYCLE_H

#include "requests.h"

enum { MOST_ACCOUNT = 40, MOST_PAGE_SIZE = 3 };

struct ear_instance {
  const ear_host* host;
  char account[MOST_ACCOUNT];
  uint64_t account_size;
  char page_size[MOST_PAGE_SIZE];
  uint64_t page_size_size;
#ifdef MUTANT_STAYS_BROKEN
  int broken;
#endif
#if defined(MUTANT_CLOSE_LOGS) || defined(MUTANT_KEEPS_THE_CALL)
  ear_call* opened_by;
#endif
#ifdef MUTANT_KEEPS_THE_FETCH
  const ear_fetch* fetch;
#endif
};

static int is_number(ear_str text) {
  for (uint64_t i = 0; i < text.size; ++i) {
    if (text.data[i] < '0' || text.data[i] > '9') return 0;
  }
  return text.size != 0 && text.size <= MOST_PAGE_SIZE;
}

/* Copies what is read of the configuration out of the host's memory. */
static ear_rc configure(ear_instance* self, ear_call* call) {
  const ear_host* host = self->host;
  const ear_value config = host->json->root(call, host->config(call));
  const ear_value named = host->json->at(call, config, STR("/account"));
  const ear_str account = host->json->text(call, named);
#ifndef MUTANT_COPIES_ANY_TEXT
  if (named.kind != EAR_JSON_STRING || account.size == 0 || account.size > MOST_ACCOUNT)
    return fail(host, call, EAR_CONFIG, STR("'account' is no text of at most 40 bytes"));
#endif
#ifdef MUTANT_REFUSES_MORE_MEMBERS
  if (host->json->count(call, config) > 2)
    return fail(host, call, EAR_CONFIG, STR("the configuration has too many members"));
#endif
  if (account.size != 0) memcpy(self->account, account.data, account.size);
  self->account_size = account.size;
  const ear_value size = host->json->at(call, config, STR("/page_size"));
  const ear_str digits = host->json->text(call, size);
#ifdef MUTANT_MISSING_IS_BAD_DATA
  if (size.kind == EAR_JSON_ABSENT)
    return fail(host, call, EAR_BAD_DATA, STR("'page_size' is not there"));
#endif
#ifdef MUTANT_NAMES_NO_MEMBER
  if (size.kind != EAR_JSON_ABSENT && !is_number(digits))
    return fail(host, call, EAR_CONFIG, STR("the configuration is wrong"));
#endif
  if (!is_number(digits))
    return fail(host, call, EAR_CONFIG, STR("'page_size' is no number of at most 3 digits"));
  memcpy(self->page_size, digits.data, digits.size);
  self->page_size_size = digits.size;
  return EAR_OK;
}

#ifdef MUTANT_KEEPS_THREAD_STATE
static _Thread_local const ear_host* host_of_thread;
#endif

static ear_rc open_instance(const ear_host* host, ear_call* call, ear_instance** out) {
  ear_instance* self = calloc(1, sizeof *self);
  if (self == NULL) return fail(host, call, EAR_LIMIT, STR("no memory for an instance"));
  self->host = host;
#ifdef MUTANT_KEEPS_THREAD_STATE
  host_of_thread = host;
#endif
#if defined(MUTANT_CLOSE_LOGS) || defined(MUTANT_KEEPS_THE_CALL)
  self->opened_by = call;
#endif
#ifdef MUTANT_OPEN_ASKS
  ear_response first;
  const ear_rc asked = get(host, call, STR("/v1/notes?limit=50"), &first);
  if (asked == EAR_OK) host->release(call, first.id);
#endif
  const ear_rc rc = configure(self, call);
#ifdef MUTANT_LEAVES_AN_INSTANCE
  *out = self;
#endif
  if (rc != EAR_OK) {
    free(self);
    return rc;
  }
  *out = self;
  return EAR_OK;
}

static void close_instance(ear_instance* self) {
#ifdef MUTANT_CLOSE_LOGS
  self->host->log(self->opened_by, EAR_LOG_DEBUG, STR("closed"), NULL, 0);
#endif
#ifdef MUTANT_KEEPS_THE_FETCH
  if (self->fetch != NULL) (void)*(const volatile uint32_t*)&self->fetch->flags;
#endif
#ifdef MUTANT_LEAKS_AN_INSTANCE
  kept = self;
  return;
#endif
  free(self);
}

#endif
