/* The items of a page. Golden hands them over at once; mutants look at every one. */

#ifndef GOLDEN_ITEMS_H
#define GOLDEN_ITEMS_H

#include "requests.h"

#if defined(MUTANT_SKIPS_SINGLE_ITEMS) || defined(MUTANT_DROPS_WHAT_THE_LIMIT_CUTS) ||    \
    defined(MUTANT_NARROWS_THE_WINDOW) || defined(MUTANT_SKIPS_WHAT_CAME_BEFORE) ||       \
    defined(MUTANT_ENDS_AT_WHAT_CAME_BEFORE) || defined(MUTANT_RELIES_ON_THE_ORDER) ||    \
    defined(MUTANT_SKIPS_WHAT_IS_GONE) || defined(MUTANT_COUNTS_MEMBERS) ||               \
    defined(MUTANT_REFUSES_NEW_WORDS) || defined(MUTANT_DIES_OF_NULL) ||                  \
    defined(MUTANT_DIES_OF_A_LIST) || defined(MUTANT_DIES_OF_AN_OBJECT) ||                \
    defined(MUTANT_DIES_OF_A_NUMBER) || defined(MUTANT_DIES_OF_A_FLAG) ||                 \
    defined(MUTANT_COUNTS_ITS_FETCHES) || defined(MUTANT_NAMES_ITEMS_BY_PLACE) ||         \
    defined(MUTANT_NAMES_ITEMS_BY_AUTHOR) || defined(MUTANT_UPDATES_BEFORE_IT_CREATES) || \
    defined(MUTANT_CUTS_TEXT) || defined(MUTANT_RATES_TOO_HIGH) ||                        \
    defined(MUTANT_HANDS_OVER_FIELDS_ALONE) || defined(MUTANT_ENDS_TEXT_AT_A_NUL) ||      \
    defined(MUTANT_CUTS_IDS_AT_A_SLASH)
#define MUTANT_LOOKS_AT_ITEMS
#endif

#ifdef MUTANT_COUNTS_ITS_FETCHES
static uint64_t fetches;
#endif

/* Whether the id came before in this fetch; from now on it did. */
static inline int came_before(ear_str id) {
  for (uint64_t i = 0; i < state.seen_count; ++i) {
    if (is(id, (ear_str){state.seen[i], state.seen_size[i]})) return 1;
  }
  if (state.seen_count < 16 && id.size <= MOST_CURSOR) {
    memcpy(state.seen[state.seen_count], id.data, id.size);
    state.seen_size[state.seen_count++] = id.size;
  }
  return 0;
}

/* Whether this mutant leaves an item out. `index` of `count` on its page. */
static inline int leaves_out(const ear_host* host, ear_call* call, ear_value item, uint64_t index,
                             uint64_t count) {
  const ear_str id = text_in(host, call, item, STR("/id"));
#if defined(MUTANT_SKIPS_SINGLE_ITEMS)
  if (count == 1) return 1;
#elif defined(MUTANT_DROPS_WHAT_THE_LIMIT_CUTS)
  if (state.fetch->limit != 0 && state.handed_over >= state.fetch->limit) return state.ends = 1;
#elif defined(MUTANT_NARROWS_THE_WINDOW)
  if (state.fetch->from != EAR_TIME_NONE && index == 1) return 1;
#elif defined(MUTANT_SKIPS_WHAT_CAME_BEFORE)
  if (came_before(id)) return 1;
#elif defined(MUTANT_ENDS_AT_WHAT_CAME_BEFORE)
  if (state.ends || came_before(id)) return state.ends = 1;
#elif defined(MUTANT_RELIES_ON_THE_ORDER)
  if (index == 0) state.seen_count = 0;
  if (state.seen_count != 0 && id.size == state.seen_size[0] &&
      memcmp(id.data, state.seen[0], id.size) < 0) {
    return 1;
  }
  state.seen_count = 0;
  came_before(id);
#elif defined(MUTANT_SKIPS_WHAT_IS_GONE)
  if (is(text_in(host, call, item, STR("/state")), STR("gone"))) return 1;
#endif
  (void)id;
  (void)index;
  (void)count;
  return 0;
}

/* Whether this mutant takes an item for broken; some break themselves. */
static inline int refuses(const ear_host* host, ear_call* call, ear_value item) {
  const ear_value title = host->json->at(call, item, STR("/title"));
  const ear_str word = text_in(host, call, item, STR("/state"));
  (void)title;
  (void)word;
#if defined(MUTANT_COUNTS_MEMBERS)
  if (host->json->count(call, item) != 9) return 1;
#elif defined(MUTANT_REFUSES_NEW_WORDS)
  if (!is(word, STR("open")) && !is(word, STR("done")) && !is(word, STR("gone"))) return 1;
#elif defined(MUTANT_DIES_OF_NULL)
  if (title.kind == EAR_JSON_NULL) abort();
#elif defined(MUTANT_DIES_OF_A_LIST)
  if (title.kind == EAR_JSON_ARRAY) abort();
#elif defined(MUTANT_DIES_OF_AN_OBJECT)
  if (title.kind == EAR_JSON_OBJECT) abort();
#elif defined(MUTANT_DIES_OF_A_NUMBER)
  if (title.kind == EAR_JSON_NUMBER) abort();
#elif defined(MUTANT_DIES_OF_A_FLAG)
  if (title.kind == EAR_JSON_TRUE) abort();
#endif
  return 0;
}

enum { MOST_FIELDS = 6 };

/* What this mutant works out about an item. */
static inline uint64_t computed(const ear_host* host, ear_call* call, ear_value item,
                                uint64_t index, ear_field fields[MOST_FIELDS]) {
  static char number[] = "0";
  static char name[MOST_CURSOR + 2];
  const ear_str id = text_in(host, call, item, STR("/id"));
  const ear_str title = text_in(host, call, item, STR("/title"));
  const ear_str word = text_in(host, call, item, STR("/state"));
  memset(fields, 0, MOST_FIELDS * sizeof *fields);
  (void)index, (void)number, (void)name, (void)id, (void)title, (void)word;
#if defined(MUTANT_COUNTS_ITS_FETCHES)
  number[0] = (char)('0' + fetches % 10);
  fields[0] = (ear_field){.name = STR("metadata.read"), .value = {number, 1}};
  return 1;
#elif defined(MUTANT_NAMES_ITEMS_BY_PLACE)
  const ear_str next = text_in(host, call, host->json->root(call, item.resp), STR("/next"));
  name[0] = (char)('a' + index);
  memcpy(name + 1, next.data, next.size < MOST_CURSOR ? next.size : MOST_CURSOR);
  fields[0] = (ear_field){.name = STR("source_id"), .value = {name, next.size + 1}};
  return 1;
#elif defined(MUTANT_NAMES_ITEMS_BY_AUTHOR)
  fields[0] =
      (ear_field){.name = STR("source_id"), .value = text_in(host, call, item, STR("/author/id"))};
  return 1;
#elif defined(MUTANT_UPDATES_BEFORE_IT_CREATES)
  fields[0] = (ear_field){.name = STR("updated_at"), .value = STR("2020-02-02T02:02:02Z")};
  return 1;
#elif defined(MUTANT_CUTS_TEXT)
  fields[0] = (ear_field){.name = STR("title"), .value = title};
  if (title.size > 24) fields[0].value.size = 24;
  return 1;
#elif defined(MUTANT_RATES_TOO_HIGH)
  fields[0] = (ear_field){.name = STR("rating.value"), .value = STR("7")};
  fields[1] = (ear_field){.name = STR("rating.max"), .value = STR("5")};
  return 2;
#elif defined(MUTANT_HANDS_OVER_FIELDS_ALONE)
  fields[0] = (ear_field){.name = STR("source_id"), .value = id};
  fields[1] = (ear_field){.name = STR("title"), .value = title};
  fields[2] = (ear_field){.name = STR("content"), .value = text_in(host, call, item, STR("/text"))};
  fields[3] = (ear_field){.name = STR("created_at"),
                          .value = text_in(host, call, item, STR("/created_at"))};
  fields[4] = (ear_field){.name = STR("updated_at"),
                          .value = text_in(host, call, item, STR("/updated_at"))};
  fields[5] = (ear_field){.name = STR("status"), .value = STR("open")};
  if (is(word, STR("gone"))) fields[5].value = STR("deleted");
  return 6;
#elif defined(MUTANT_ENDS_TEXT_AT_A_NUL)
  fields[0] = (ear_field){.name = STR("title"), .value = title};
  const void* const nul = title.size == 0 ? NULL : memchr(title.data, 0, title.size);
  if (nul != NULL) fields[0].value.size = (uint64_t)((const char*)nul - title.data);
  return 1;
#elif defined(MUTANT_CUTS_IDS_AT_A_SLASH)
  fields[0] = (ear_field){.name = STR("source_id"), .value = id};
  const void* const slash = id.size == 0 ? NULL : memchr(id.data, '/', id.size);
  if (slash != NULL) fields[0].value.size = (uint64_t)((const char*)slash - id.data);
  return 1;
#else
  return 0;
#endif
}

static inline ear_rc hand_over_one(const ear_host* host, ear_call* call, const ear_emit* page,
                                   ear_value item, uint64_t index) {
  const char place[] = {'/', 'n', 'o', 't', 'e', 's', '/', (char)('0' + index % 10)};
  ear_field fields[MOST_FIELDS];
  ear_emitted emitted = {.size = sizeof emitted};
  ear_emit one = *page;
  one.flags = 0;
  one.at = (ear_str){place, sizeof place};
  one.fields = fields;
  one.field_count = computed(host, call, item, index, fields);
#ifdef MUTANT_HANDS_OVER_FIELDS_ALONE
  one.resp = 0;
#endif
  ++state.handed_over;
  return host->emit(call, &one, &emitted);
}

/* Golden hands a page over at once; mutants look at every item. */
static inline ear_rc hand_over(const ear_host* host, ear_call* call, const ear_emit* page) {
  ear_emitted emitted = {.size = sizeof emitted};
  const ear_value list = host->json->at(call, host->json->root(call, page->resp), page->at);
  const uint64_t count = host->json->count(call, list);
#ifdef MUTANT_REFUSES_EMPTY_PAGES
  if (list.kind == EAR_JSON_ARRAY && count == 0)
    return fail(host, call, EAR_BAD_DATA, STR("a page without notes"));
#endif
#ifdef MUTANT_HANDS_OVER_TWICE
  const ear_rc first = host->emit(call, page, &emitted);
  if (first != EAR_OK) return first;
#endif
#ifdef MUTANT_LOOKS_AT_ITEMS
  uint64_t index = 0;
  for (ear_value item = host->json->first(call, list);
       list.kind == EAR_JSON_ARRAY && item.kind != EAR_JSON_ABSENT;
       item = host->json->next(call, item)) {
    const uint64_t at = index++;
    if (leaves_out(host, call, item, at, count)) continue;
    if (refuses(host, call, item)) return complain(host, call, NULL, STR("a note of another kind"));
    const ear_rc rc = hand_over_one(host, call, page, item, at);
    if (rc != EAR_OK) return rc;
  }
  if (list.kind == EAR_JSON_ARRAY) return EAR_OK;
#endif
  state.handed_over += count;
  return host->emit(call, page, &emitted);
}

#endif
