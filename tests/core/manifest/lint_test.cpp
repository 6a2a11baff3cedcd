#include <string>

#include <gmock/gmock.h>

#include <earshot/core/manifest/manifest.hpp>

#include "manifests.hpp"

namespace earshot::core {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

/// A change that breaks the manifest, where the mistake is reported and what is said.
struct Mistake {
  const char* name;
  const char* original;
  const char* changed;
  const char* path;
  const char* message;
};

void PrintTo(const Mistake& mistake, std::ostream* out) {
  *out << mistake.name;
}

class ManifestLint : public testing::TestWithParam<Mistake> {};

TEST_P(ManifestLint, NamesThePathAndTheRemedy) {
  const Mistake& mistake = GetParam();
  const std::string text = acme_with(mistake.original, mistake.changed);
  ASSERT_FALSE(text.empty());
  const ManifestReading reading = read_manifest(text);
  EXPECT_FALSE(reading.manifest.has_value());
  EXPECT_THAT(
      reading.issues,
      ElementsAre(AllOf(Field("path", &SchemaIssue::path, mistake.path),
                        Field("message", &SchemaIssue::message, HasSubstr(mistake.message)))));
}

constexpr Mistake kMistakes[] = {
    {"NoName", R"("name": "acme-desk", )", "", "/name", "is required"},
    {"BadName", "acme-desk", "Acme Desk", "/name", "lower-case letters"},
    {"NewerFormat", R"("manifest_version": 1)", R"("manifest_version": 2)", "/manifest_version",
     "expected 1, found 2"},
    {"UnknownSection", R"("limits": [)", R"("limit": [], "limits": [)", "/limit",
     "did you mean \"limits\"?"},
    {"UnknownCapability", R"("provides": ["feedback")", R"("provides": ["fedback")", "/provides/0",
     "did you mean \"feedback\"?"},
    {"UndeclaredRequired", R"("required": ["subdomain", "region"])",
     R"("required": ["subdomian", "region", "subdomain"])", "/config/required/0",
     "did you mean \"subdomain\"?"},
    {"UnmarkedSecret", R"("hook_secret": {"type": "string", "x-secret": true})",
     R"("hook_secret": {"type": "string", "x-secret": true}, "old_token": {"type": "string"})",
     "/config/properties/old_token", "x-secret"},
    {"UnknownKeyword", R"("minimum": 1)", R"("minimun": 1)", "/config/properties/page_size/minimun",
     "did you mean \"minimum\"?"},
    {"BadDefault", R"("default": 100)", R"("default": 0)", "/config/properties/page_size/default",
     "must be at least 1"},
    {"SecretWithDefault", R"("client_secret": {"type": "string", "x-secret": true})",
     R"("client_secret": {"type": "string", "x-secret": true, "default": "x"})",
     "/config/properties/client_secret/default", "no default"},
    {"EndpointWithoutTls", "https://files.acme.example", "http://files.acme.example",
     "/endpoints/upload/url", "https://"},
    {"UndeclaredInEndpoint", "https://{subdomain}.acme.example/v2",
     "https://{subdomian}.acme.example", "/endpoints/api", "did you mean \"subdomain\"?"},
    {"SecretInEndpoint", "https://{subdomain}.acme.example/v2", "https://{api_token}.acme.example",
     "/endpoints/api", "secret"},
    {"WholeHostFromConfig", "https://{subdomain}.acme.example/v2", "https://{subdomain}/v2",
     "/endpoints/api", "suffixes"},
    {"BrokenTemplate", "https://{subdomain}.acme.example/v2", "https://{subdomain.acme.example/v2",
     "/endpoints/api", "'}'"},
    {"EndpointNamedAsConfig", R"("upload": {"url")", R"("region": {"url")",
     "/config/properties/region", "name of an endpoint"},
    {"UnknownScheme", R"("scheme": "basic")", R"("scheme": "basics")", "/auth/1/scheme",
     "did you mean \"basic\"?"},
    {"MissingUsername", R"("username": "{email}/token", )", "", "/auth/1/username",
     "is required for basic"},
    {"MemberOfAnotherScheme", R"("username": "{email}/token", )",
     R"("username": "{email}/token", "token_url": "{api}/x", )", "/auth/1/token_url",
     "has no meaning for basic"},
    {"UndeclaredInAuth", "{email}/token", "{mail}/token", "/auth/1/username",
     "did you mean \"email\"?"},
    {"PlainPassword", R"("password": "{api_token}")", R"("password": "{subdomain}{api_token}")",
     "/auth/1/password", "not marked x-secret"},
    {"UnlistedRequirement", R"("requires": ["email", "api_token"])", R"("requires": ["api_token"])",
     "/auth/1/username", "list it under \"requires\""},
    {"UndeclaredRequirement", R"("requires": ["client_id", )",
     R"("requires": ["cleint_id", "client_id", )", "/auth/0/requires/0",
     "did you mean \"client_id\"?"},
    {"HostsOwnHeader", R"("Acme-Version": )", R"("Authorization": )",
     "/endpoints/upload/headers/Authorization", "the host's to set"},
    {"ZeroRequests", R"("requests": 400)", R"("requests": 0)", "/limits/0/requests",
     "must be at least 1"},
    {"BadDuration", R"("per": "60s")", R"("per": "a minute")", "/limits/0/per", "\"60s\""},
    {"CacheWithoutTtl", R"(, "ttl": "90m")", "", "/cache/0/ttl", "is required"},
    {"CacheForNoTime", R"("ttl": "90m")", R"("ttl": "0s")", "/cache/0/ttl", "more than 0"},
    {"CacheOfAQuery", "/v2/users/*", "/v2/users?id=*", "/cache/0/match", "without query"},
    {"CacheRuleTwice", R"({"match": "/v2/users/*", "ttl": "90m"})",
     R"({"match": "/users", "ttl": "1h"}, {"match": "/users", "ttl": "2h"})", "/cache/1/match",
     "twice"},
    {"ZeroDuration", R"("per": "60s")", R"("per": "0s")", "/limits/0/per", "more than 0"},
    {"ZeroWindow", R"("per": "10s")", R"("per": "0s")", "/limits/1/headers/per", "more than 0"},
    {"DoubledBucket", R"("bucket": "export")", R"("bucket": "account")", "/limits/1/bucket",
     "twice"},
    {"BadGlob", R"("match": "/v2/export/*", "scope")", R"("match": "v2/export?x", "scope")",
     "/limits/1/match", "a path without query"},
    {"RemainingAndUsed", R"("remaining": "x-left")", R"("remaining": "x-left", "used": "x-used")",
     "/limits/0/headers/used", "beside \"remaining\""},
    {"UnknownResetUnit", R"("reset_is": "epoch")", R"("reset_is": "epochs")",
     "/limits/0/headers/reset_is", "did you mean \"epoch\"?"},
    {"UnknownErrorClass", R"("class": "empty")", R"("class": "emtpy")", "/errors/1/class",
     "did you mean \"empty\"?"},
    {"UnknownErrorClassInMap", R"("invalid_auth": "auth")", R"("invalid_auth": "oauth")",
     "/errors/0/map/invalid_auth", "did you mean \"auth\"?"},
    {"ErrorWithoutEffect", R"(, "class": "empty")", "", "/errors/1", "says nothing"},
    {"EqualsWithoutAt", R"("at": "/ok", "equals")", R"("equals")", "/errors/0/when/at",
     "is required beside \"equals\""},
    {"BadErrorPointer", R"("at": "/ok")", R"("at": "ok")", "/errors/0/when/at", "JSON pointer"},
    {"BadLinkHosts", R"("hosts": "public")", R"("hosts": "pubic")", "/links/media/hosts",
     "expected \"public\""},
    {"UnknownField", R"("title": "/subject")", R"("titel": "/subject")", "/records/ticket/titel",
     "did you mean \"title\"?"},
    {"BadPointer", R"("title": "/subject")", R"("title": "subject")", "/records/ticket/title",
     "const"},
    {"BadForm", R"("title": "/subject")", R"("title": {"lookup": "$page/users", "take": "/name"})",
     "/records/ticket/title/equals", "is required"},
    {"BadWord", R"("title": "/subject")", R"("severity": {"at": "/p", "map": {"p1": "urgnt"}})",
     "/records/ticket/severity/map/p1", "low, normal, high, urgent"},
    {"UndeclaredInRecord", "{subdomain}.acme.example/{/id}", "{domain}.acme.example/{/id}",
     "/records/ticket/url/template", "/config/properties"},
    {"SecretInRecord", "{subdomain}.acme.example/{/id}", "{api_token}.acme.example/{/id}",
     "/records/ticket/url/template", "secret"},
    {"UnknownSignature", "hmac-sha256", "hmac-sha257", "/webhooks/signature/scheme",
     "did you mean \"hmac-sha256\"?"},
    {"BadSignedTemplate", "{header:x-time}{body}", "{headers:x-time}{body}",
     "/webhooks/signature/signed", "{header:NAME}"},
    {"PlainSigningSecret", R"("secret": "hook_secret")", R"("secret": "email")",
     "/webhooks/signature/secret", "not marked x-secret"},
    {"BadEventName", R"("ticket.created": "created")", R"("Ticket Created": "created")",
     "/webhooks/events/Ticket Created", "ticket.created"},
    {"BadParams", R"("params": {"type": "object")", R"("params": {"type": "objekt")",
     "/actions/create_ticket/params/type", "object"},
    {"UndeclaredReadSecret", R"("reads_secrets": ["api_token"])",
     R"("reads_secrets": ["api_tokn"])", "/reads_secrets/0", "did you mean \"api_token\"?"},
};

INSTANTIATE_TEST_SUITE_P(EachMistake, ManifestLint, testing::ValuesIn(kMistakes),
                         [](const testing::TestParamInfo<Mistake>& instance) {
                           return std::string(instance.param.name);
                         });

TEST(ManifestReading, TellsAllMistakesAtOnce) {
  const ManifestReading reading = read_manifest(R"({
    "manifest_version": 1, "name": "x", "title": "", "version": "1", "provides": ["feedback"],
    "config": {"type": "object", "properties": {}}, "endpoints": {"api": "https://{host}/"}})");
  const auto at = [](const char* path) { return Contains(Field(&SchemaIssue::path, path)); };
  EXPECT_THAT(reading.issues, AllOf(at("/name"), at("/title"), at("/version"), at("/provides/0"),
                                    at("/endpoints/api")));
}

TEST(ManifestReading, SaysWhereTheTextIsNoJson) {
  const ManifestReading reading = read_manifest("{\"name\": ");
  EXPECT_FALSE(reading.manifest.has_value());
  EXPECT_THAT(reading.issues, ElementsAre(Field(&SchemaIssue::message, HasSubstr("byte"))));
}

TEST(ManifestReading, RefusesWhatIsTooLargeOrTooDeep) {
  EXPECT_THAT(read_manifest(std::string(std::size_t{2} << 20, ' ')).issues,
              ElementsAre(Field(&SchemaIssue::message, HasSubstr("1 MiB"))));
  EXPECT_THAT(read_manifest(std::string(1000, '[')).issues,
              ElementsAre(Field(&SchemaIssue::message, HasSubstr("deeper"))));
}

TEST(ManifestReading, BearsValuesOfAnyKind) {
  for (const char* text : {"null", "[]", "\"x\"", "{}", R"({"config": [], "records": 7, "auth": {},
       "limits": "x", "errors": [1], "endpoints": ["a"], "provides": {}, "webhooks": 3})"}) {
    const ManifestReading reading = read_manifest(text);
    EXPECT_FALSE(reading.manifest.has_value()) << text;
    EXPECT_THAT(reading.issues, testing::Not(IsEmpty())) << text;
  }
}

}  // namespace
}  // namespace earshot::core
