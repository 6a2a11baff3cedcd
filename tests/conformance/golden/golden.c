/* A plugin that keeps every promise, in plain C11 over the contract's header. Each MUTANT_ breaks
 * one of them: tests/conformance/matrix.txt says which case must find it. */

#include <stdlib.h>
#include <string.h>

#include <earshot/abi.h>

#include "earshot_manifest.h"

#define STR(literal) ((ear_str){(literal), sizeof(literal) - 1})

enum { MOST_CURSOR = 200, MOST_PATH = 400 };

struct ear_instance {
  const ear_host* host;
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

static ear_rc get(const ear_host* host, ear_call* call, ear_str path, ear_response* out) {
  ear_request request;
  memset(&request, 0, sizeof request);
  request.size = sizeof request;
  request.method = STR("GET");
  request.path = path;
#if defined(MUTANT_TAKES_ANY_BODY) || defined(MUTANT_TAKES_HTML)
  request.flags = EAR_HTTP_RAW;
#endif
  memset(out, 0, sizeof *out);
  out->size = sizeof *out;
  return host->http(call, &request, out);
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

/* ---- Operations ---- */

static ear_rc open_instance(const ear_host* host, ear_call* call, ear_instance** out) {
  ear_instance* self = malloc(sizeof *self);
  if (self == NULL) return fail(host, call, EAR_LIMIT, STR("no memory for an instance"));
  self->host = host;
  *out = self;
  return EAR_OK;
}

static void close_instance(ear_instance* self) {
  free(self);
}

static ear_rc authenticate(ear_instance* self, ear_call* call) {
  const ear_host* host = self->host;
  ear_response me;
  ear_rc rc = get(host, call, STR("/v1/me"), &me);
  if (rc != EAR_OK) return rc;
  const ear_str id = text_at(host, call, &me, STR("/account/id"));
  if (id.size == 0) return fail(host, call, EAR_BAD_DATA, STR("the answer names no account"));
  rc = host->report(call, STR("account_id"), id);
  if (rc != EAR_OK) return rc;
  return host->report(call, STR("account_name"), text_at(host, call, &me, STR("/account/name")));
}

/* The page behind a cursor, or the first. */
static ear_rc get_page(const ear_host* host, ear_call* call, ear_bytes cursor, ear_response* page) {
  struct path path = {.size = 0};
  const ear_value config = host->json->root(call, host->config(call));
  add(&path, STR("/v1/notes?limit="));
  add(&path, host->json->text(call, host->json->at(call, config, STR("/page_size"))));
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
  ear_emitted emitted;
  memset(&emit, 0, sizeof emit);
  emit.size = sizeof emit;
  emit.flags = EAR_EMIT_EACH;
#ifdef MUTANT_TAKES_ANY_BODY
  emit.flags |= EAR_EMIT_ABSENT_OK;
#endif
  emit.resp = page->id;
  emit.at = STR("/notes");
  emit.mapping = STR("note");
  memset(&emitted, 0, sizeof emitted);
  emitted.size = sizeof emitted;
  return host->emit(call, &emit, &emitted);
}

/* Emits a page and says what lies behind it. */
static ear_rc take_page(const ear_host* host, ear_call* call, const ear_response* page, int* more) {
#ifdef MUTANT_TAKES_HTML
  const ear_bytes body = host->body(call, page->id);
  *more = 0;
  if (body.size != 0 && body.data[0] == '<') return EAR_OK;
#endif
  const ear_str next = text_at(host, call, page, STR("/next"));
  const ear_value flag = at(host, call, page, STR("/more"));
  *more = flag.kind == EAR_JSON_TRUE;
#ifdef MUTANT_STOPS_EARLY
  *more = 0;
#endif
#ifndef MUTANT_TAKES_ANY_BODY
  if (next.size == 0 || (flag.kind != EAR_JSON_TRUE && flag.kind != EAR_JSON_FALSE)) {
    return fail(host, call, EAR_BAD_DATA, STR("a page does not say what comes behind it"));
  }
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
#ifdef MUTANT_KEEPS_NO_CURSOR
  return EAR_OK;
#endif
  return host->checkpoint(call, STR(""), (ear_bytes){(const uint8_t*)next.data, next.size});
}

static ear_rc fetch_feedback(ear_instance* self, ear_call* call, const ear_fetch* fetch) {
  const ear_host* host = self->host;
  char position[MOST_CURSOR];
  ear_bytes cursor;
  int more = 1;
  (void)fetch;
  ear_rc rc = host->cursor(call, STR(""), &cursor);
  while (rc == EAR_OK && more) {
    ear_response page;
    rc = get_page(host, call, cursor, &page);
    if (rc == EAR_OK) rc = take_page(host, call, &page, &more);
    if (rc != EAR_OK || !more) break;
    const ear_str next = text_at(host, call, &page, STR("/next"));
    memcpy(position, next.data, next.size);
    cursor = (ear_bytes){(const uint8_t*)position, next.size};
    host->release(call, page.id);
  }
  return rc;
}

static ear_rc register_webhook(ear_instance* self, ear_call* call, const ear_webhook* webhook) {
  (void)webhook;
  return fail(self->host, call, EAR_UNSUPPORTED, STR("this product has no webhooks"));
}

#ifndef MUTANT_LEAVES_A_SLOT_EMPTY
static const void* extension(ear_str id) {
  (void)id;
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

#define TABLE                                                                                     \
  {                                                                                               \
    .size = sizeof(ear_plugin), .minor = EAR_ABI_MINOR, .sdk = {"none", 4}, .manifest = manifest, \
    .source_name = source_name, .required_config = required_config, .open = open_instance,        \
    .close = close_instance, .authenticate = authenticate, .fetch_feedback = fetch_feedback,      \
    .register_webhook = register_webhook, .extension = EXTENSION                                  \
  }

const ear_plugin* ear_entry_v1(const ear_host* host, ear_str* why_not) {
  static const ear_plugin plugin = TABLE;
#ifdef MUTANT_ENTRY_CHANGES
  static const ear_plugin other = TABLE;
  static int calls = 0;
  if (++calls > 1) return &other;
#endif
#ifndef MUTANT_TAKES_ANY_HOST
  if (!EAR_HAS(host, report)) {
    *why_not = STR("the host's table ends before `report`");
    return NULL;
  }
#else
  (void)host;
  (void)why_not;
#endif
  return &plugin;
}
