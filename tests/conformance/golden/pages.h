/* Pages, one after another, each with a checkpoint behind it. */

#ifndef GOLDEN_PAGES_H
#define GOLDEN_PAGES_H

#include "items.h"
#include "lifecycle.h"

/* Whether the answer is taken for the end of all pages. */
static inline int is_the_end(const ear_host* host, ear_call* call, const ear_response* page) {
  (void)host;
  (void)call;
  (void)page;
#if defined(MUTANT_TAKES_AN_EMPTY_BODY)
  if (host->body(call, page->id).size == 0) return 1;
#elif defined(MUTANT_SKIPS_BROKEN_TEXT)
  const ear_bytes body = host->body(call, page->id);
  if (body.size != 0 && memchr(body.data, 0xff, body.size) != NULL) return 1;
#elif defined(MUTANT_TAKES_HALF_A_CHARACTER_FOR_THE_END)
  const ear_bytes body = host->body(call, page->id);
  if (body.size != 0 && body.data[body.size - 1] >= 0x80) return 1;
#elif defined(MUTANT_TAKES_ANY_DOCUMENT)
  if (host->json->root(call, page->id).kind != EAR_JSON_OBJECT) return 1;
#endif
  return state.overlooked;
}

static inline int is_flag(ear_value value) {
#ifdef MUTANT_TAKES_ANYTHING_FOR_NO
  return value.kind != EAR_JSON_ABSENT && value.kind != EAR_JSON_NULL;
#else
  return value.kind == EAR_JSON_TRUE || value.kind == EAR_JSON_FALSE;
#endif
}

/* Whether there is another page, as far as this mutant wants it. */
static inline int leads_on(const ear_host* host, ear_call* call, const ear_response* page,
                           int more) {
#if defined(MUTANT_STOPS_BEFORE_THE_LIMIT)
  if (state.fetch->limit != 0) return 0;
#elif defined(MUTANT_FOLLOWS_ITS_OWN_LINKS)
  static const char own[] = "https://acme.golden.example/";
  const ear_str link = text_at(host, call, page, STR("/next_url"));
  if (link.size < sizeof own || memcmp(link.data, own, sizeof own - 1) != 0) return 0;
#elif defined(MUTANT_TAKES_A_REPEATED_PAGE_FOR_THE_END)
  const ear_str next = text_at(host, call, page, STR("/next"));
  state.ends = next.size == state.next_size && memcmp(next.data, state.next, next.size) == 0;
  memcpy(state.next, next.data, next.size);
  state.next_size = next.size;
#endif
  (void)host;
  (void)call;
  (void)page;
  return more && !state.ends;
}

static inline ear_rc keep(const ear_host* host, ear_call* call, ear_str next, int more) {
#if defined(MUTANT_CHECKPOINTS_AT_THE_END)
  if (more) return EAR_OK;
#elif defined(MUTANT_LOOKS_FOR_ONE_REPEATED_PAGE)
  if (next.size == state.next_size && memcmp(next.data, state.next, next.size) == 0)
    return fail(host, call, EAR_BAD_DATA, STR("a page leads to itself"));
  memcpy(state.next, next.data, next.size);
  state.next_size = next.size;
  if (more) return EAR_OK;
#elif defined(MUTANT_TAKES_A_REPEATED_PAGE_FOR_THE_END)
  if (state.ends) return EAR_OK;
#elif defined(MUTANT_ENDS_CURSORS_AT_A_BLANK)
  const char* const blank = memchr(next.data, ' ', next.size);
  if (blank != NULL) next.size = (uint64_t)(blank - next.data);
#endif
  (void)more;
  return host->checkpoint(call, STR(""), (ear_bytes){(const uint8_t*)next.data, next.size});
}

/* The page behind a cursor, or the first. */
static ear_rc get_page(const ear_instance* self, ear_call* call, ear_bytes cursor,
                       ear_response* page) {
  const ear_host* host = self->host;
  struct path path = {.size = 0};
  add(&path, STR("/v1/notes?limit="));
#ifdef MUTANT_ASKS_FOR_THE_WHOLE_LIMIT
  char digits[24];
  const int count = snprintf(digits, sizeof digits, "%llu", (unsigned long long)state.fetch->limit);
  add(&path, state.fetch->limit != 0 ? (ear_str){digits, (uint64_t)count}
                                     : (ear_str){self->page_size, self->page_size_size});
#else
  add(&path, (ear_str){self->page_size, self->page_size_size});
#endif
  if (cursor.size != 0) {
    add(&path, STR("&after="));
    add_encoded(&path, (ear_str){(const char*)cursor.data, cursor.size});
  }
  if (path.full)
    return fail(host, call, EAR_BAD_CURSOR, STR("the cursor is none of this plugin's"));
  return get(host, call, whole(&path), page);
}

static ear_rc emit_notes(const ear_host* host, ear_call* call, const ear_response* page) {
  ear_emit emit;
  memset(&emit, 0, sizeof emit);
  emit.size = sizeof emit;
  emit.flags = EAR_EMIT_EACH;
#ifdef MUTANT_TAKES_ANY_BODY
  emit.flags |= EAR_EMIT_ABSENT_OK;
#endif
  emit.resp = page->id;
  emit.at = STR("/notes");
  emit.mapping = STR("note");
#ifdef MUTANT_TELLS_A_WRONG_SIZE
  emit.size += 64;
#endif
  return hand_over(host, call, &emit);
}

/* Emits a page and says what lies behind it. */
static ear_rc take_page(const ear_host* host, ear_call* call, const ear_response* page, int* more) {
  *more = 0;
  if (is_the_end(host, call, page)) return EAR_OK;
#ifdef MUTANT_TAKES_HTML
  const ear_bytes body = host->body(call, page->id);
  if (body.size != 0 && body.data[0] == '<') return EAR_OK;
#endif
  const ear_str next = text_at(host, call, page, STR("/next"));
  const ear_value flag = at(host, call, page, STR("/more"));
  *more = flag.kind == EAR_JSON_TRUE;
#ifdef MUTANT_STOPS_EARLY
  *more = 0;
#endif
#if defined(MUTANT_KEEPS_AN_EMPTY_CURSOR)
  if ((next.size == 0 && *more) || !is_flag(flag))
    return complain(host, call, page, STR("a page does not say what comes behind it"));
#elif !defined(MUTANT_TAKES_ANY_BODY)
  if (next.size == 0 || !is_flag(flag))
    return complain(host, call, page, STR("a page does not say what comes behind it"));
  if (next.size > MOST_CURSOR / 3) {
    return fail(host, call, EAR_BAD_DATA, STR("what comes behind a page has a very long name"));
  }
#else
  if (next.size == 0) return EAR_OK;
#endif
#ifdef MUTANT_CHECKPOINT_BEFORE_EMIT
  const ear_rc early =
      host->checkpoint(call, STR(""), (ear_bytes){(const uint8_t*)next.data, next.size});
  return early != EAR_OK ? early : emit_notes(host, call, page);
#endif
  const ear_rc rc = emit_notes(host, call, page);
#ifdef MUTANT_KEEPS_PAGES_THAT_FAILED
  if (rc == EAR_LIMIT) (void)keep(host, call, next, *more);
#endif
  if (rc != EAR_OK) return rc;
  *more = leads_on(host, call, page, *more);
#ifdef MUTANT_KEEPS_NO_CURSOR
  return EAR_OK;
#endif
#ifdef MUTANT_SPILLS_TO_CURSOR
  struct path token = {.size = 0};
  add_encoded(&token, token_of(host, call));
  if (token.size != 0 && !*more) {
    const ear_bytes spilled = {(const uint8_t*)token.text, token.size};
    const ear_rc kept = host->checkpoint(call, STR("token"), spilled);
    if (kept != EAR_OK) return kept;
  }
#endif
#ifdef MUTANT_KEEPS_A_LINK
  const ear_str link = text_at(host, call, page, STR("/next_url"));
  if (link.size != 0 && !*more) {
    const ear_bytes spilled = {(const uint8_t*)link.data, link.size};
    const ear_rc kept = host->checkpoint(call, STR("link"), spilled);
    if (kept != EAR_OK) return kept;
  }
#endif
#ifdef MUTANT_STORES_AFTER_STOP
  const ear_rc stored =
      host->checkpoint(call, STR(""), (ear_bytes){(const uint8_t*)next.data, next.size});
  if (stored == EAR_CANCELLED) return emit_notes(host, call, page);
  return stored;
#endif
  return keep(host, call, next, *more);
}

#endif
