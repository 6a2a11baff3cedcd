#include "prepared.hpp"

#include <utility>

#include <earshot/core/json/writer.hpp>
#include <earshot/core/sync/engine.hpp>

namespace earshot::core {

void VaultSink::put(std::string name, Secret value, std::optional<Time> expires,
                    Callback<void(Result<void>)> done) {
  if (prepared_.dry) {
    return prepared_.loop->post(
        [operation = operation_, done = std::move(done)]() mutable { done({}); });
  }
  SealedSecret secret{
      .name = name, .sealed = vault_.seal(prepared_.id, name, value), .expires = expires};
  store_.put_secret(prepared_.id, std::move(secret),
                    [operation = operation_, loop = prepared_.loop,
                     done = std::move(done)](Result<void> result) mutable {
                      loop->post([operation = std::move(operation), result = std::move(result),
                                  done = std::move(done)]() mutable { done(std::move(result)); });
                    });
}

void save_budgets(Store& store, const Prepared& prepared) {
  const RateLimiter& limiter = prepared.account->limiter;
  const Tick now = prepared.loop->clock().tick();
  const Time calendar = prepared.loop->clock().now();
  store.put_budget(prepared.account->key, limiter.save(now, calendar), [](Result<void>) {});
  if (prepared.own_budget.empty()) return;
  store.put_budget(prepared.own_budget, limiter.save(now, calendar, prepared.settings.name),
                   [](Result<void>) {});
}

Result<Mappings> compile_mappings(const IntegrationSettings& settings, const Manifest& manifest) {
  const JsonValue overrides = settings.mapping ? settings.mapping->root() : JsonValue();
  Mappings mappings;
  for (const JsonValue record : manifest.records()) {
    std::vector<SchemaIssue> issues;
    std::unique_ptr<Mapping> mapping =
        Mapping::compile(record.key(), record, overrides.member(record.key()), issues);
    if (!issues.empty()) {
      return Error{.code = Code::config,
                   .message = "mapping " + std::string(record.key()) + issues.front().path + ": " +
                              issues.front().message};
    }
    mappings.emplace(std::string(record.key()), std::move(mapping));
  }
  return mappings;
}

std::shared_ptr<const JsonDocument> plugin_config(const IntegrationSettings& settings,
                                                  const Manifest& manifest) {
  if (manifest.reads_secrets.empty()) return settings.config;
  JsonWriter out;
  out.begin_object();
  for (const JsonValue member : settings.config->root()) {
    out.key(member.key());
    out.value(member);
  }
  for (const std::string& name : manifest.reads_secrets) {
    const auto secret = settings.credentials.find(name);
    if (secret != settings.credentials.end()) out.member(name, secret->second.reveal());
  }
  out.end_object();
  Result<std::unique_ptr<JsonDocument>> document = JsonDocument::parse(out.take());
  return document ? *std::move(document) : nullptr;
}

ProductAccount product_account(const IntegrationSettings& settings, const Manifest& manifest) {
  ProductAccount account;
  account.integration = settings.name;
  account.manifest = &manifest;
  for (const JsonValue member : settings.config->root()) {
    if (!member.text().empty()) account.config.emplace(member.key(), member.text());
  }
  account.credentials = settings.credentials;
  account.base_url = settings.base_url;
  account.timeouts.connect = settings.http.connect_timeout;
  account.timeouts.first_byte = settings.http.timeout;
  account.timeouts.idle = settings.http.timeout;
  account.retry.max_retries = settings.http.max_retries;
  account.retry.base = settings.http.retry_delay;
  account.longest_wait = settings.http.max_wait;
  return account;
}

Result<Url> api_url(const IntegrationSettings& settings, const Manifest& manifest) {
  return endpoint_url("api", product_account(settings, manifest));
}

}  // namespace earshot::core
