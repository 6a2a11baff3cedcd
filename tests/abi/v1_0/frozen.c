/* A plugin as it was written against ABI 1.0, with the header of that day beside it. Neither is
 * ever changed: what was built then is what hosts must go on to load. */

#include <string.h>

#include <earshot/abi.h>

#define NAME "frozen"
#define REQUIRED "account"
#define MANIFEST                                                                             \
  "{\"manifest_version\": 1, \"name\": \"" NAME                                              \
  "\", \"title\": \"Frozen\","                                                               \
  " \"version\": \"0.1.0\", \"abi\": \"1.0\", \"vendor_docs\": \"https://frozen.example/\"," \
  " \"vendor_docs_read\": \"2026-05-01\", \"provides\": [\"feedback\"],"                     \
  " \"setup\": \"Make a token.\","                                                           \
  " \"config\": {\"type\": \"object\", \"required\": [\"" REQUIRED                           \
  "\"], \"properties\": {"                                                                   \
  "\"account\": {\"type\": \"string\", \"title\": \"Account\", \"pattern\": "                \
  "\"^[a-z0-9]{1,40}$\"},"                                                                   \
  " \"token\": {\"type\": \"string\", \"title\": \"Token\", \"x-secret\": true}}},"          \
  " \"endpoints\": {\"api\": \"https://{account}.frozen.example\"},"                         \
  " \"auth\": [{\"title\": \"Token\", \"scheme\": \"bearer\", \"token\": \"{token}\","       \
  " \"requires\": [\"token\"]}],"                                                            \
  " \"records\": {\"note\": {\"kind\": \"message\", \"source_id\": \"/id\","                 \
  " \"content\": \"/text\", \"created_at\": \"/at\"}}}"

__attribute__((section(EAR_MANIFEST_SECTION), used, retain)) static const char text[] = MANIFEST;

#define STR(literal) ((ear_str){(literal), sizeof(literal) - 1})

struct ear_instance {
  const ear_host* host;
};

static ear_str manifest(void) {
  return STR(text);
}
static ear_str source_name(void) {
  return STR(NAME);
}
static ear_str required_config(void) {
  return STR(REQUIRED);
}

static ear_rc open_instance(const ear_host* host, ear_call* call, ear_instance** out) {
  /* Lasting state lives in the host, so one instance does for all. */
  static struct ear_instance only;
  (void)call;
  only.host = host;
  *out = &only;
  return EAR_OK;
}
static void close_instance(ear_instance* self) {
  (void)self;
}

static ear_rc get(const ear_host* host, ear_call* call, ear_str path, ear_response* out) {
  ear_request request;
  memset(&request, 0, sizeof request);
  request.size = sizeof request;
  request.method = STR("GET");
  request.path = path;
  memset(out, 0, sizeof *out);
  out->size = sizeof *out;
  return host->http(call, &request, out);
}

static ear_rc authenticate(ear_instance* self, ear_call* call) {
  const ear_host* host = self->host;
  ear_response me;
  const ear_rc rc = get(host, call, STR("/me"), &me);
  if (rc != EAR_OK) return rc;
  const ear_value id = host->json->at(call, host->json->root(call, me.id), STR("/id"));
  return host->report(call, STR("account_id"), host->json->text(call, id));
}

static ear_rc emit_notes(const ear_host* host, ear_call* call, const ear_response* page) {
  ear_emit emit;
  ear_emitted emitted;
  memset(&emit, 0, sizeof emit);
  emit.size = sizeof emit;
  emit.flags = EAR_EMIT_EACH;
  emit.resp = page->id;
  emit.at = STR("/notes");
  emit.mapping = STR("note");
  memset(&emitted, 0, sizeof emitted);
  emitted.size = sizeof emitted;
  return host->emit(call, &emit, &emitted);
}

static ear_rc fetch_feedback(ear_instance* self, ear_call* call, const ear_fetch* fetch) {
  const ear_host* host = self->host;
  ear_bytes cursor;
  ear_response page;
  ear_str path = STR("/notes");
  (void)fetch;
  ear_rc rc = host->cursor(call, STR(""), &cursor);
  if (rc == EAR_OK && cursor.size != 0) {
    path.data = (const char*)cursor.data;
    path.size = cursor.size;
  }
  while (rc == EAR_OK) {
    rc = get(host, call, path, &page);
    if (rc == EAR_OK) rc = emit_notes(host, call, &page);
    if (rc != EAR_OK) break;
    /* The link to the next page lives as long as its page, which is kept until the call ends. */
    path =
        host->json->text(call, host->json->at(call, host->json->root(call, page.id), STR("/next")));
    if (path.size == 0) break;
    const ear_bytes next = {(const uint8_t*)path.data, path.size};
    rc = host->checkpoint(call, STR(""), next);
  }
  return rc;
}

static ear_rc register_webhook(ear_instance* self, ear_call* call, const ear_webhook* webhook) {
  ear_failure failure;
  (void)webhook;
  memset(&failure, 0, sizeof failure);
  failure.size = sizeof failure;
  failure.rc = EAR_UNSUPPORTED;
  failure.retry_after_ms = -1;
  failure.message = STR("this product has no webhooks");
  return self->host->fail(call, &failure);
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
  if (EAR_HAS(host, report)) return &plugin;
  *why_not = STR("the host's table ends before report");
  return NULL;
}
