/* A plugin that keeps every promise, in plain C11 over the contract's header. Each MUTANT_ breaks
 * one of them: tests/conformance/matrix.txt says which case must find it. */

#include <stdlib.h>
#include <string.h>

#include <earshot/abi.h>
#include <earshot/ext/text.h>

#include "earshot_manifest.h"
#include "misdeeds.h"

#define STR(literal) ((ear_str){(literal), sizeof(literal) - 1})

enum { MOST_CURSOR = 200, MOST_PATH = 400, MOST_ACCOUNT = 40, MOST_PAGE_SIZE = 3 };

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

/* ---- What the product answers ---- */

static ear_value at(const ear_host* host, ear_call* call, const ear_response* page,
                    ear_str pointer) {
  return host->json->at(call, host->json->root(call, page->id), pointer);
}

static ear_str text_at(const ear_host* host, ear_call* call, const ear_response* page,
                       ear_str pointer) {
  const ear_value value = at(host, call, page, pointer);
  return value.kind == EAR_JSON_STRING ? host->json->text(call, value) : (ear_str){NULL, 0};
}

#include "mutations.h"

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

/* ---- Operations ---- */

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

static ear_rc get_account(const ear_host* host, ear_call* call, ear_response* me) {
  const ear_rc rc = account_answered(get(host, call, STR("/v1/me"), me), me);
#ifdef MUTANT_REFUSED_IS_CONFIG
  if (rc == EAR_AUTH) return fail(host, call, EAR_CONFIG, STR("the token is wrong"));
#endif
#ifdef MUTANT_FORBIDDEN_IS_AUTH
  if (rc == EAR_FORBIDDEN) return fail(host, call, EAR_AUTH, STR("the token is wrong"));
#endif
#ifdef MUTANT_TAKES_REFUSALS
  if (rc == EAR_NOT_FOUND) me->id = 0;
  if (rc == EAR_NOT_FOUND) return EAR_OK;
#endif
#ifdef MUTANT_SPILLS_TO_MESSAGE
  if (rc == EAR_AUTH) return fail(host, call, rc, token_of(host, call));
#endif
  return rc;
}

static ear_rc authenticate(ear_instance* self, ear_call* call) {
  const ear_host* host = self->host;
  ear_response me;
  world_outside();
#ifdef MUTANT_ASKS_TOO_MUCH
  for (int times = 0; times < 3; ++times) (void)get(host, call, STR("/v1/me"), &me);
#endif
#ifdef MUTANT_CHANGES_WHILE_ASKING
  ear_request post = {.size = sizeof post, .method = STR("POST"), .path = STR("/v1/me")};
  me = (ear_response){.size = sizeof me};
  (void)host->http(call, &post, &me);
#endif
  ear_rc rc = get_account(host, call, &me);
  if (rc != EAR_OK) return rc;
#ifdef MUTANT_TAKES_HTML_FOR_AN_ACCOUNT
  const ear_bytes body = host->body(call, me.id);
  if (body.size != 0 && body.data[0] == '<')
    return host->report(call, STR("account_id"), STR("web"));
#endif
  ear_str id = text_at(host, call, &me, STR("/account/id"));
#ifdef MUTANT_ANOTHER_ACCOUNT_EACH_TIME
  static int times;
  if (id.size != 0 && times++ % 2 != 0) id = STR("acc-18");
#endif
#if defined(MUTANT_TAKES_REFUSALS) || defined(MUTANT_TAKES_SILENCE_FOR_AN_ACCOUNT)
  if (me.id == 0) id = STR("none");
#endif
#ifdef MUTANT_TAKES_ANY_ACCOUNT
  if (id.size == 0) id = STR("unknown");
#endif
  if (id.size == 0) return fail(host, call, EAR_BAD_DATA, STR("the answer names no account"));
#ifndef MUTANT_NAMES_NO_ACCOUNT
  rc = host->report(call, STR("account_id"), id);
  if (rc != EAR_OK) return rc;
#endif
#ifdef MUTANT_SPILLS_TO_RECORD
  return host->report(call, STR("account_name"), token_of(host, call));
#endif
  return host->report(call, STR("account_name"), text_at(host, call, &me, STR("/account/name")));
}

/* The page behind a cursor, or the first. */
static ear_rc get_page(const ear_instance* self, ear_call* call, ear_bytes cursor,
                       ear_response* page) {
  const ear_host* host = self->host;
  struct path path = {.size = 0};
  add(&path, STR("/v1/notes?limit="));
  add(&path, (ear_str){self->page_size, self->page_size_size});
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
#ifndef MUTANT_TAKES_ANY_BODY
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
#ifdef MUTANT_STORES_AFTER_STOP
  const ear_rc stored =
      host->checkpoint(call, STR(""), (ear_bytes){(const uint8_t*)next.data, next.size});
  if (stored == EAR_CANCELLED) return emit_notes(host, call, page);
  return stored;
#endif
  return keep(host, call, next, *more);
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
  compute(200);
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

static ear_rc register_webhook(ear_instance* self, ear_call* call, const ear_webhook* webhook) {
  (void)webhook;
  return fail(self->host, call, EAR_UNSUPPORTED, STR("this product has no webhooks"));
}

#ifndef MUTANT_LEAVES_A_SLOT_EMPTY
static const void* extension(ear_str id) {
  (void)id;
#ifdef MUTANT_ANSWERS_ANY_ID
  return "";
#endif
#ifdef MUTANT_ANSWERS_FOR_ACTIONS
  if (id.size == 13 && memcmp(id.data, "ear.actions/1", 13) == 0) return "";
#endif
  return NULL;
}
#endif

/* ---- The plugin ---- */

static ear_str manifest(void) {
  return earshot_manifest_text;
}
static ear_str source_name(void) {
#ifdef MUTANT_TELLS_ANOTHER_NAME
  return STR("brass");
#endif
  return earshot_manifest_name;
}
static ear_str required_config(void) {
  return earshot_manifest_required;
}

#ifdef MUTANT_LEAVES_A_SLOT_EMPTY
#define EXTENSION NULL
#else
#define EXTENSION extension
#endif

#ifdef MUTANT_TELLS_ANOTHER_ABI
#define MINOR 7
#else
#define MINOR EAR_ABI_MINOR
#endif

#define TABLE                                                                                \
  {                                                                                          \
    .size = sizeof(ear_plugin), .minor = MINOR, .sdk = {"none", 4}, .manifest = manifest,    \
    .source_name = source_name, .required_config = required_config, .open = open_instance,   \
    .close = close_instance, .authenticate = authenticate, .fetch_feedback = fetch_feedback, \
    .register_webhook = register_webhook, .extension = EXTENSION                             \
  }

const ear_plugin* ear_entry_v1(const ear_host* host, ear_str* why_not) {
  static const ear_plugin plugin = TABLE;
  at_entry();
#ifdef MUTANT_ENTRY_CHANGES
  static const ear_plugin other = TABLE;
  static int calls = 0;
  if (++calls > 1) return &other;
#endif
#ifndef MUTANT_TAKES_ANY_HOST
  if (!EAR_HAS(host, alloc)) {
    *why_not = STR("the host's table ends before `alloc`");
    return NULL;
  }
#ifndef MUTANT_MISSES_NOTHING
  if (host->extension(host, STR(EAR_EXT_TEXT)) == NULL) {
    *why_not = STR("the host has no ear.text/1");
    return NULL;
  }
#endif
#else
  (void)host;
  (void)why_not;
#endif
#ifdef MUTANT_COPIES_THE_HOST
  static struct {
    ear_host host;
    char more[1024];
  } copy;
  memcpy(&copy, host, host->size < sizeof copy ? host->size : sizeof copy);
#endif
  return &plugin;
}
