/* A plugin that does nothing, and with one of the definitions below does one thing wrong. */

#include "earshot_manifest.h"

#if defined(CRASHES_WHILE_LOADING) || defined(HANGS_WHILE_LOADING) || defined(EXITS_WHILE_LOADING)
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

__attribute__((constructor)) static void misbehave(void) {
#if defined(CRASHES_WHILE_LOADING)
  (void)signal(SIGSEGV, SIG_DFL);
  (void)raise(SIGSEGV);
#elif defined(HANGS_WHILE_LOADING)
  for (;;) (void)pause();
#else
  _exit(7);
#endif
}
#endif

#define TEXT(literal) ((ear_str){literal, sizeof(literal) - 1})

static ear_str manifest(void) {
#if defined(TELLS_ANOTHER_MANIFEST)
  return TEXT("{\"name\": \"acme\"}");
#else
  return earshot_manifest_text;
#endif
}

static ear_str source_name(void) {
#if defined(TELLS_ANOTHER_NAME)
  return TEXT("acmedesk");
#else
  return earshot_manifest_name;
#endif
}

static ear_str required_config(void) {
#if defined(TELLS_OTHER_REQUIREMENTS)
  return TEXT("region,account");
#else
  return earshot_manifest_required;
#endif
}

static ear_rc open_instance(const ear_host* host, ear_call* call, ear_instance** out) {
  static int instance;
  (void)host, (void)call;
  *out = (ear_instance*)(void*)&instance;
  return EAR_OK;
}
static void close_instance(ear_instance* instance) {
  (void)instance;
}
static ear_rc authenticate(ear_instance* instance, ear_call* call) {
  (void)instance, (void)call;
  return EAR_UNSUPPORTED;
}
static ear_rc fetch_feedback(ear_instance* instance, ear_call* call, const ear_fetch* fetch) {
  (void)instance, (void)call, (void)fetch;
  return EAR_UNSUPPORTED;
}
static ear_rc register_webhook(ear_instance* instance, ear_call* call, const ear_webhook* webhook) {
  (void)instance, (void)call, (void)webhook;
  return EAR_UNSUPPORTED;
}
static const void* extension(ear_str id) {
  (void)id;
  return NULL;
}

const ear_plugin* ear_entry_v1(const ear_host* host, ear_str* why_not) {
  static const ear_plugin plugin = {
#if defined(HAS_A_SHORT_TABLE)
    .size = offsetof(ear_plugin, register_webhook),
#else
    .size = sizeof(ear_plugin),
#endif
    .minor = EAR_ABI_MINOR,
    .manifest = manifest,
    .source_name = source_name,
    .required_config = required_config,
    .open = open_instance,
    .close = close_instance,
#if !defined(LEAVES_A_SLOT_EMPTY)
    .authenticate = authenticate,
#endif
    .fetch_feedback = fetch_feedback,
    .register_webhook = register_webhook,
    .extension = extension,
  };
  (void)host, (void)authenticate;
#if defined(REFUSES_THE_HOST)
  *why_not = TEXT("it is Tuesday");
  return plugin.size == 0 ? &plugin : NULL;
#else
  (void)why_not;
  return &plugin;
#endif
}
