/* What golden.c is written with: text, failures, JSON, and what mutants remember. */

#ifndef GOLDEN_WORDS_H
#define GOLDEN_WORDS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earshot/abi.h>

#define STR(literal) ((ear_str){(literal), sizeof(literal) - 1})

enum { MOST_CURSOR = 2400, MOST_PATH = 2600 };

/* A text that is built up; what does not fit is a fault, not a cut. */
struct path {
  char text[MOST_PATH];
  uint64_t size;
  int full;
};

static void add(struct path* path, ear_str text) {
  if (text.size > MOST_PATH - path->size) {
    path->full = 1;
  } else if (text.size != 0) {
    memcpy(path->text + path->size, text.data, text.size);
    path->size += text.size;
  }
}

static void add_encoded(struct path* path, ear_str text) {
  static const char digits[] = "0123456789ABCDEF";
  for (uint64_t i = 0; i < text.size; ++i) {
#ifdef MUTANT_SENDS_A_PLUS_AS_IT_IS
    if (text.data[i] == '+') {
      add(path, STR("+"));
      continue;
    }
#endif
    const unsigned char byte = (unsigned char)text.data[i];
    const char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
    add(path, (ear_str){escape, 3});
  }
}

static ear_str whole(const struct path* path) {
  return (ear_str){path->text, path->size};
}

static ear_rc fail(const ear_host* host, ear_call* call, ear_rc rc, ear_str message) {
  ear_failure failure;
  memset(&failure, 0, sizeof failure);
  failure.size = sizeof failure;
  failure.rc = rc;
  failure.retry_after_ms = -1;
  failure.message = message;
  return host->fail(call, &failure);
}

static ear_value at(const ear_host* host, ear_call* call, const ear_response* page,
                    ear_str pointer) {
  return host->json->at(call, host->json->root(call, page->id), pointer);
}

static ear_str text_at(const ear_host* host, ear_call* call, const ear_response* page,
                       ear_str pointer) {
  const ear_value value = at(host, call, page, pointer);
  return value.kind == EAR_JSON_STRING ? host->json->text(call, value) : (ear_str){NULL, 0};
}

static inline ear_str text_in(const ear_host* host, ear_call* call, ear_value value,
                              ear_str pointer) {
  const ear_value found = host->json->at(call, value, pointer);
  return found.kind == EAR_JSON_STRING ? host->json->text(call, found) : (ear_str){NULL, 0};
}

static inline int is(ear_str text, ear_str other) {
  return text.size == other.size && memcmp(text.data, other.data, text.size) == 0;
}

#if defined(MUTANT_LEAKS_AN_INSTANCE) || defined(MUTANT_LEAKS_A_PAGE) || \
    defined(MUTANT_LEAKS_ON_FAILURE) || defined(MUTANT_LEAKS_AN_ACCOUNT)
static void* volatile kept;
#endif

/* What a mutant remembers from one function to the next within a call, which has a thread of its
 * own. */
static _Thread_local struct {
  const ear_fetch* fetch;
  uint64_t handed_over; /* in this fetch */
  int overlooked;       /* a failure that is taken for the end */
  int ends;             /* whatever the page says */
  char next[MOST_CURSOR];
  uint64_t next_size;
  char seen[16][MOST_CURSOR]; /* ids of this fetch */
  uint64_t seen_size[16];
  uint64_t seen_count;
} state;

#endif
