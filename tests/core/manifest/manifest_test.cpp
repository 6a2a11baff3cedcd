#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include <gmock/gmock.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/manifest/manifest.hpp>

#include "manifests.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
using testing::Pair;

class AcmeManifest : public testing::Test {
 protected:
  void SetUp() override {
    for (const SchemaIssue& issue : reading_.issues) {
      ADD_FAILURE() << issue.path << ": " << issue.message;
    }
    ASSERT_TRUE(reading_.manifest.has_value());
  }
  [[nodiscard]] const Manifest& manifest() const { return *reading_.manifest; }

 private:
  ManifestReading reading_ = read_manifest(kAcmeManifest);
};

TEST_F(AcmeManifest, SaysWhoItIs) {
  EXPECT_EQ(manifest().name, "acme-desk");
  EXPECT_EQ(manifest().title, "Acme Desk");
  EXPECT_EQ(manifest().version, "1.0.0");
  EXPECT_EQ(manifest().abi, "1.0");
  EXPECT_EQ(manifest().vendor_docs, "https://docs.acme.example/api");
  EXPECT_EQ(manifest().vendor_docs_read, "2026-05-01");
  EXPECT_EQ(manifest().setup, "Make a token.\nCopy it.");
  EXPECT_TRUE(manifest().fiber_safe);
  EXPECT_EQ(manifest().idempotency_header, "Idempotency-Key");
  EXPECT_THAT(manifest().needs, ElementsAre("ear.actions/1"));
  EXPECT_THAT(manifest().provides, ElementsAre("feedback", "webhooks", "actions"));
  EXPECT_THAT(manifest().reads_secrets, ElementsAre("api_token"));
}

TEST_F(AcmeManifest, NamesConfigThatIsRequiredAndSecret) {
  EXPECT_EQ(manifest().required_config(), "subdomain,region");
  EXPECT_TRUE(manifest().is_secret("api_token"));
  EXPECT_FALSE(manifest().is_secret("subdomain"));
  EXPECT_FALSE(manifest().is_secret("unheard_of"));
}

TEST_F(AcmeManifest, NamesEventsAndActions) {
  EXPECT_THAT(manifest().events, ElementsAre("ticket.created", "ticket.updated"));
  EXPECT_THAT(manifest().actions, ElementsAre("create_ticket"));
}

TEST_F(AcmeManifest, ReadsEndpointsInBothForms) {
  EXPECT_EQ(manifest().endpoints.at("api").url, "https://{subdomain}.acme.example/v2");
  EXPECT_THAT(manifest().endpoints.at("api").aliases, IsEmpty());
  EXPECT_EQ(manifest().endpoints.at("upload").url, "https://files.acme.example");
  EXPECT_THAT(manifest().endpoints.at("upload").aliases,
              ElementsAre("{subdomain}.cdn.acme.example"));
  EXPECT_THAT(manifest().endpoints.at("api").headers, IsEmpty());
  EXPECT_THAT(manifest().endpoints.at("upload").headers,
              ElementsAre(Pair("Acme-Version", "2026-05-01")));
}

TEST_F(AcmeManifest, ReadsAlternativesOfAuth) {
  ASSERT_EQ(manifest().auth.size(), 2U);
  const AuthAlternative& oauth = manifest().auth[0];
  EXPECT_EQ(oauth.scheme, AuthAlternative::Scheme::oauth2_client_credentials);
  EXPECT_EQ(oauth.token_url, "{api}/token");
  EXPECT_EQ(oauth.client_id, "{client_id}");
  EXPECT_EQ(oauth.client_secret, "{client_secret}");
  EXPECT_EQ(oauth.scope, "read");
  EXPECT_TRUE(oauth.token_request_json);
  const AuthAlternative& basic = manifest().auth[1];
  EXPECT_EQ(basic.scheme, AuthAlternative::Scheme::basic);
  EXPECT_EQ(basic.username, "{email}/token");
  EXPECT_EQ(basic.password, "{api_token}");
  EXPECT_THAT(basic.required, ElementsAre("email", "api_token"));
}

TEST_F(AcmeManifest, ReadsASlidingLimit) {
  const LimitRule& limit = manifest().limits.at(0);
  EXPECT_EQ(limit.bucket, "account");
  EXPECT_EQ(limit.match, "");
  EXPECT_EQ(limit.requests, 400U);
  EXPECT_EQ(limit.per, std::chrono::seconds(60));
  EXPECT_EQ(limit.burst, std::nullopt);
  EXPECT_EQ(limit.scope, LimitRule::Scope::account);
  EXPECT_EQ(limit.status, 429);
  EXPECT_EQ(limit.headers.remaining, "x-left");
  EXPECT_EQ(limit.headers.reset, "x-reset");
  EXPECT_EQ(limit.headers.reset_is, LimitHeaders::ResetUnit::epoch);
}

TEST_F(AcmeManifest, ReadsALimitWithBurstAndFields) {
  const LimitRule& limit = manifest().limits.at(1);
  EXPECT_EQ(limit.match, "/v2/export/*");
  EXPECT_EQ(limit.scope, LimitRule::Scope::integration);
  EXPECT_EQ(limit.per, std::chrono::minutes(1));
  EXPECT_THAT(limit.burst, Optional(5U));
  EXPECT_EQ(limit.status, 503);
  EXPECT_TRUE(limit.per_key);
  EXPECT_EQ(limit.headers.field_of, "x-export");
  EXPECT_EQ(limit.headers.limit, "total");
  EXPECT_EQ(limit.headers.remaining, "left");
  EXPECT_EQ(limit.headers.reset, "resets");
}

TEST_F(AcmeManifest, ReadsErrorRules) {
  const ErrorRule& coded = manifest().errors.at(0);
  EXPECT_THAT(coded.status, Optional(200));
  EXPECT_EQ(coded.at, "/ok");
  EXPECT_THAT(coded.equals, Optional(std::string("false")));
  EXPECT_EQ(coded.outcome, std::nullopt);
  EXPECT_EQ(coded.code_at, "/error");
  EXPECT_THAT(coded.codes, ElementsAre(Pair("invalid_auth", ErrorRule::Class::auth),
                                       Pair("slow_down", ErrorRule::Class::rate_limited)));
  EXPECT_EQ(coded.message_at, "/error");
  EXPECT_TRUE(coded.whole_account);
  const ErrorRule& plain = manifest().errors.at(1);
  EXPECT_EQ(plain.match, "/v2/export/*");
  EXPECT_EQ(plain.body_contains, "Too recent");
  EXPECT_EQ(plain.outcome, ErrorRule::Class::empty);
  EXPECT_EQ(plain.equals, std::nullopt);
  EXPECT_FALSE(plain.whole_account);
}

TEST_F(AcmeManifest, ReadsCacheRules) {
  ASSERT_EQ(manifest().cache.size(), 1U);
  EXPECT_EQ(manifest().cache[0].match, "/v2/users/*");
  EXPECT_EQ(manifest().cache[0].ttl, std::chrono::minutes(90));
}

TEST_F(AcmeManifest, ReadsLinks) {
  const LinkRule& media = manifest().links.at("media");
  EXPECT_TRUE(media.anywhere);
  EXPECT_THAT(media.hosts, IsEmpty());
  EXPECT_THAT(media.methods, ElementsAre("GET"));
  EXPECT_EQ(media.max_bytes, 1024U);
  const LinkRule& upload = manifest().links.at("upload");
  EXPECT_FALSE(upload.anywhere);
  EXPECT_THAT(upload.hosts, ElementsAre("*.files.example"));
  EXPECT_THAT(upload.methods, ElementsAre("PUT", "POST"));
  EXPECT_EQ(upload.max_bytes, 64U << 20);
}

TEST_F(AcmeManifest, KeepsItsDocumentWhenCopied) {
  const Manifest copy = manifest();
  EXPECT_EQ(copy.records().member("ticket").member("source_id").text(), "/id");
  EXPECT_EQ(copy.document.get(), manifest().document.get());
}

TEST(ManifestSchema, IsUsableItself) {
  const auto schema = JsonDocument::parse(std::string(manifest_schema()));
  ASSERT_TRUE(schema.has_value());
  for (const SchemaIssue& issue : lint_schema((*schema)->root())) {
    ADD_FAILURE() << issue.path << ": " << issue.message;
  }
}

void find_members(JsonValue schema, std::set<std::string, std::less<>>& names) {
  for (const JsonValue child : schema) {
    if (schema.is_object() && child.key() == "properties") {
      for (const JsonValue property : child) names.emplace(property.key());
    }
    find_members(child, names);
  }
}

TEST(ManifestSchema, HasNoMemberThatThePagesDoNotTell) {
  const auto schema = JsonDocument::parse(std::string(manifest_schema()));
  ASSERT_TRUE(schema.has_value());
  std::set<std::string, std::less<>> names;
  find_members((*schema)->root(), names);
  ASSERT_TRUE(names.contains("idempotency_header"));
  std::string pages;
  for (const char* page : {"manifest.md", "mapping.md"}) {
    const auto text = read_file(std::filesystem::path(EARSHOT_REFERENCE) / page, 1 << 20);
    ASSERT_TRUE(text.has_value()) << page;
    pages += *text;
  }
  for (const std::string& name : names) {
    const std::regex word("[^a-z_]" + std::regex_replace(name, std::regex("[$]"), "[$]") +
                          "[^a-z_]");
    EXPECT_TRUE(std::regex_search(pages, word)) << name;
  }
}

}  // namespace
}  // namespace earshot::core
