/* Murmur in C11: the header earshot/abi.h and nothing else. Fetching is that of ../murmur, in words
 * of C. A code that a host function answered is passed up as it is (ABI-10). */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earshot/abi.h>

#include "earshot_manifest.h"

#define STR(literal) ((ear_str){(literal), sizeof(literal) - 1})

enum { PATH_SIZE = 512, LARGEST_POSITION = 128 };

struct ear_instance {
  const ear_host* host;
};

static ear_rc fail(const ear_host* host, ear_call* call, ear_rc rc, ear_str why,
                   ear_resp found_in) {
  ear_failure failure = {.size = sizeof failure, .rc = rc, .retry_after_ms = -1, .message = why};
  failure.resp = found_in;
  return host->fail(call, &failure);
}

static ear_rc get(const ear_host* host, ear_call* call, ear_str path, ear_response* page) {
  ear_request request = {.size = sizeof request, .method = STR("GET"), .path = path};
  memset(page, 0, sizeof *page);
  page->size = sizeof *page;
  return host->http(call, &request, page);
}

static ear_value at(const ear_host* host, ear_call* call, const ear_response* page,
                    ear_str pointer) {
  return host->json->at(call, host->json->root(call, page->id), pointer);
}

/* ---- authenticate ---- */

static ear_rc authenticate(ear_instance* self, ear_call* call) {
  const ear_host* host = self->host;
  ear_response me;
  ear_rc rc = get(host, call, STR("/v1/me"), &me);
  if (rc != EAR_OK) return rc;
  const ear_str id = host->json->text(call, at(host, call, &me, STR("/id")));
  if (id.size == 0) return fail(host, call, EAR_BAD_DATA, STR("/id of /v1/me is missing"), me.id);
  rc = host->report(call, STR("account_id"), id);
  if (rc != EAR_OK) return rc;
  const ear_str name = host->json->text(call, at(host, call, &me, STR("/name")));
  return host->report(call, STR("account_name"), name);
}

/* ---- fetch_feedback ---- */

static ear_rc emit_notes(const ear_host* host, ear_call* call, const ear_response* page) {
  const ear_emit notes = {.size = sizeof notes,
                          .flags = EAR_EMIT_EACH,
                          .resp = page->id,
                          .at = STR("/notes"),
                          .mapping = STR("note")};
  ear_emitted out = {.size = sizeof out};
  return host->emit(call, &notes, &out);
}

/* Where to go on: digits, so that they may stand in a query as they are. */
struct position {
  char digits[LARGEST_POSITION];
  uint64_t size;
};

/* Copies a position out of memory of the host; false where the text is none. */
static bool read_position(ear_str text, struct position* out) {
  if (text.size == 0 || text.size > sizeof out->digits) return false;
  for (uint64_t i = 0; i < text.size; ++i) {
    if (text.data[i] < '0' || text.data[i] > '9') return false;
  }
  memcpy(out->digits, text.data, text.size);
  out->size = text.size;
  return true;
}

/* Emits a page and moves `after` behind it; *more is false at the end. */
static ear_rc take_page(const ear_host* host, ear_call* call, const ear_response* page,
                        struct position* after, bool* more) {
  ear_rc rc = emit_notes(host, call, page);
  if (rc != EAR_OK) return rc;
  const ear_value goes_on = at(host, call, page, STR("/more"));
  if (goes_on.kind != EAR_JSON_TRUE && goes_on.kind != EAR_JSON_FALSE)
    return fail(host, call, EAR_BAD_DATA, STR("/more is neither true nor false"), page->id);
  *more = goes_on.kind == EAR_JSON_TRUE;
  if (!read_position(host->json->text(call, at(host, call, page, STR("/after"))), after))
    return fail(host, call, EAR_BAD_DATA, STR("/after is no position"), page->id);
  const ear_bytes cursor = {(const uint8_t*)after->digits, after->size};
  return host->checkpoint(call, STR(""), cursor);
}

static ear_rc fetch_page(const ear_host* host, ear_call* call, struct position* after, bool* more) {
  char path[PATH_SIZE];
  const int size = snprintf(path, sizeof path, "/v1/notes?after=%.*s&limit=100", (int)after->size,
                            after->digits);
  ear_response page;
  ear_rc rc = get(host, call, (ear_str){path, (uint64_t)size}, &page);
  if (rc != EAR_OK) return rc;
  rc = take_page(host, call, &page, after, more);
  host->release(call, page.id); /* else every page of the account is held until the call ends */
  return rc;
}

static ear_rc fetch_feedback(ear_instance* self, ear_call* call, const ear_fetch* fetch) {
  const ear_host* host = self->host;
  ear_bytes cursor;
  struct position after = {.digits = "0", .size = 1};
  (void)fetch; /* the host keeps window and limit */
  ear_rc rc = host->cursor(call, STR(""), &cursor);
  if (rc != EAR_OK) return rc;
  if (cursor.size != 0 && !read_position((ear_str){(const char*)cursor.data, cursor.size}, &after))
    return fail(host, call, EAR_BAD_CURSOR, STR("the stored cursor is no position"), 0);
  bool more = true;
  while (more && rc == EAR_OK) rc = fetch_page(host, call, &after, &more);
  return rc;
}

/* ---- the rest of what every plugin has ---- */

static ear_rc register_webhook(ear_instance* self, ear_call* call, const ear_webhook* webhook) {
  (void)webhook;
  return fail(self->host, call, EAR_UNSUPPORTED, STR("Murmur has no webhooks"), 0);
}

static ear_rc open_instance(const ear_host* host, ear_call* call, ear_instance** out) {
  ear_instance* self = malloc(sizeof *self); /* what lasts lies in the host, not here */
  if (self == NULL) return fail(host, call, EAR_LIMIT, STR("no memory for an instance"), 0);
  self->host = host;
  *out = self;
  return EAR_OK;
}

static void close_instance(ear_instance* self) {
  free(self);
}

static ear_str manifest(void) {
  return earshot_manifest_text;
}
static ear_str source_name(void) {
  return earshot_manifest_name;
}
static ear_str required_config(void) {
  return earshot_manifest_required;
}

static const void* extension(ear_str id) {
  (void)id;
  return NULL;
}

const ear_plugin* ear_entry_v1(const ear_host* host, ear_str* why_not) {
  static const ear_plugin plugin = {.size = sizeof(ear_plugin),
                                    .minor = EAR_ABI_MINOR,
                                    .sdk = {"none", 4},
                                    .manifest = manifest,
                                    .source_name = source_name,
                                    .required_config = required_config,
                                    .open = open_instance,
                                    .close = close_instance,
                                    .authenticate = authenticate,
                                    .fetch_feedback = fetch_feedback,
                                    .register_webhook = register_webhook,
                                    .extension = extension};
  if (EAR_HAS(host, secret_put)) return &plugin;
  *why_not = STR("the host's table ends before secret_put: it is older than ABI 1.0");
  return NULL;
}
