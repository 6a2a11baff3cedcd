/* A plugin that keeps every promise, in plain C11 over the contract's header. Each MUTANT_ breaks
 * one of them: tests/conformance/matrix.txt says which case must find it. */

#include <earshot/abi.h>
#include <earshot/ext/text.h>

#include "authenticate.h"
#include "earshot_manifest.h"
#include "fetch.h"
#include "lifecycle.h"
#include "misdeeds.h"
#include "words.h"

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
