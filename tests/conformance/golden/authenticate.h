/* Whose credentials these are. */

#ifndef GOLDEN_AUTHENTICATE_H
#define GOLDEN_AUTHENTICATE_H

#include "lifecycle.h"

/* What the product said of the account, as this mutant takes it. */
static inline ear_rc account_answered(ear_rc rc, ear_response* me) {
#if defined(MUTANT_TAKES_SILENCE_FOR_AN_ACCOUNT)
  if (rc == EAR_NETWORK) {
    me->id = 0;
    return EAR_OK;
  }
#elif defined(MUTANT_GOES_ON_AUTHENTICATING)
  if (rc == EAR_DEADLINE) return EAR_NETWORK;
#elif defined(MUTANT_LEAKS_AN_ACCOUNT)
  kept = malloc(4096);
#endif
  (void)me;
  return rc;
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

#endif
