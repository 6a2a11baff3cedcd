#pragma once

/// A plugin's manifest, read and checked: where a product is declared.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/base/result.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/core/json/schema.hpp>
#include <earshot/core/traffic/limiter.hpp>

namespace earshot::core {

/// One way to authorize requests. Templates hold {member} of config or credentials, {endpoint}
/// names and {secret/member} of a secret that is JSON.
struct AuthAlternative {
  enum class Scheme {
    basic,
    bearer,
    header,
    query,
    oauth2_client_credentials,
    oauth2_refresh_token
  };
  std::string title{};
  Scheme scheme = Scheme::bearer;
  std::string username{};   ///< basic
  std::string password{};   ///< basic
  std::string token{};      ///< bearer
  std::string name{};       ///< header, query: the field's name
  std::string value{};      ///< header, query: the field's value
  std::string token_url{};  ///< oauth2: template; `{api}` is an endpoint
  std::string client_id = "{client_id}";
  std::string client_secret = "{client_secret}";
  std::string refresh_token = "{refresh_token}";
  std::string scope{};                  ///< oauth2: asked for, or empty
  bool token_request_json = false;      ///< oauth2: JSON body instead of a form
  std::vector<std::string> required{};  ///< Config and credential members this alternative needs.
};

/// What an answer means. The first rule that matches wins.
struct ErrorRule {
  enum class Class {
    ok,
    empty,
    retry,
    rate_limited,
    quota,
    auth,
    auth_expired,
    forbidden,
    not_found,
    bad_cursor,
    fail
  };
  std::optional<int> status{};  ///< Absent: any.
  std::string match{};          ///< Glob on the path; empty: any.
  std::string body_contains{};  ///< Empty: any.
  std::string at{};             ///< JSON pointer that must ...
  std::optional<std::string>
      equals{};  ///< ... hold this JSON (compact), or be present where absent.
  /// "class"; absent: that of the status, or fail where only the body shows a failure.
  std::optional<Class> outcome{};
  std::string code_at{};                 ///< JSON pointer to the product's error code ...
  std::map<std::string, Class> codes{};  ///< ... and what each means.
  std::string message_at{};              ///< JSON pointer to the product's words.
  bool whole_account = false;            ///< rate_limited pauses every bucket.
};

/// Answers that hold for a while. The first rule that matches decides.
struct CacheRule {
  std::string match{};  ///< Glob on the path without query.
  Micros ttl{0};        ///< How long an answer needs no asking; more than 0.
};

/// URLs on other hosts that the product hands out.
struct LinkRule {
  std::string at{};                  ///< JSON pointer relative to where the plugin points.
  std::vector<std::string> hosts{};  ///< Host names, "*.suffix" allowed; empty with `anywhere`.
  bool anywhere = false;             ///< "public": any public address.
  std::vector<std::string> methods{"GET"};
  std::uint64_t max_bytes = 64ULL << 20;
};

using HeaderMap = std::map<std::string, std::string>;

/// An endpoint by name: a URL template such as "https://{subdomain}.zendesk.com".
struct Endpoint {
  std::string url{};
  std::vector<std::string> suffixes{};  ///< Hosts a whole-host template may give ("*.suffix").
  std::vector<std::string>
      aliases{};        ///< Other hosts the product uses in its links for this endpoint; templates.
  HeaderMap headers{};  ///< Sent with every request to it.
};

struct Manifest {
  std::string name;  ///< [a-z][a-z0-9-]{1,39}: plugin, platform and source name.
  std::string title;
  std::string version;
  std::string abi;  ///< "1.0"
  std::string vendor_docs;
  std::string vendor_docs_read;            ///< The date they were read.
  std::vector<std::string> needs;          ///< Host extensions.
  std::vector<std::string> provides;       ///< feedback, webhooks, actions, recordings, jobs
  std::vector<std::string> reads_secrets;  ///< Secrets the plugin asks to see; shown as a warning.
  std::string setup;  ///< Markdown: how an operator gets credentials, which permissions.
  bool fiber_safe = false;
  std::string idempotency_header;  ///< Header for Request::idempotency_key, or empty.
  std::map<std::string, Endpoint> endpoints;
  std::vector<AuthAlternative> auth;
  std::vector<LimitRule> limits;
  std::vector<ErrorRule> errors;
  std::vector<CacheRule> cache;
  std::map<std::string, LinkRule> links;
  std::vector<std::string> events;
  std::vector<std::string> actions;

  std::shared_ptr<const JsonDocument>
      document;  ///< The whole manifest; config(), records() point into it.

  /// The JSON Schema over config and credentials.
  [[nodiscard]] JsonValue config_schema() const noexcept {
    return document->root().member("config");
  }
  [[nodiscard]] JsonValue records() const noexcept { return document->root().member("records"); }
  /// Config members required at the top of the schema, joined by commas as they stand there.
  [[nodiscard]] std::string required_config() const;
  [[nodiscard]] bool is_secret(std::string_view member) const noexcept;
};

/// Every mistake with its JSON path: against the published schema (sdk/schema/manifest.schema.json,
/// which is built in) and beyond it: mappings compile, templates name declared members and
/// endpoints, auth.requires exist, globs and pointers are well formed, limits are positive, secrets
/// are marked x-secret.
struct ManifestReading {
  std::optional<Manifest> manifest;  ///< Present only without issues.
  std::vector<SchemaIssue> issues;
};
[[nodiscard]] ManifestReading read_manifest(std::string_view text);

/// The published JSON Schema of manifests.
[[nodiscard]] std::string_view manifest_schema() noexcept;

}  // namespace earshot::core
