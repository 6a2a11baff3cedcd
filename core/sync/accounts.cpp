#include "accounts.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace earshot::core {

std::vector<LimitRule> effective_limits(const Manifest& manifest,
                                        const IntegrationSettings& settings,
                                        LimitRule::Scope scope) {
  std::vector<LimitRule> rules;
  for (const LimitRule& declared : manifest.limits) {
    if (declared.scope != scope) continue;
    const auto changed = settings.limits.find(declared.bucket);
    if (changed == settings.limits.end()) {
      rules.push_back(declared);
    } else if (changed->second) {
      rules.push_back(*changed->second);
    }
  }
  return rules;
}

std::shared_ptr<Account> LoopAccounts::make(const std::string& key, std::vector<LimitRule> rules,
                                            std::string_view saved) {
  std::shared_ptr<Account>& account = accounts_[key];
  if (!account) {
    account = std::make_shared<Account>(
        Account{key, RateLimiter(std::move(rules)), loop_.clock().tick()});
    if (!saved.empty()) account->limiter.restore(saved, loop_.clock().tick(), loop_.clock().now());
  }
  return account;
}

void LoopAccounts::add_own(Account& account, const std::string& integration,
                           std::vector<LimitRule> rules, std::string_view saved) {
  if (!account.limiter.add(integration, std::move(rules)) || saved.empty()) return;
  account.limiter.restore(saved, loop_.clock().tick(), loop_.clock().now(), integration);
}

Transport& LoopAccounts::transport(const HttpSettings& settings) {
  const std::string key = fmt::format("{}\n{}\n{}\n{}", settings.ca_file.string(), settings.proxy,
                                      settings.max_connections, settings.max_connections_per_host);
  std::unique_ptr<Transport>& transport = transports_[key];
  if (!transport) {
    HttpClientOptions options = http_;
    options.ca_file = settings.ca_file;
    options.max_connections = settings.max_connections;
    options.max_connections_per_host =
        std::min<std::size_t>(settings.max_connections_per_host, http_.max_connections_per_host);
    if (!settings.proxy.empty()) options.http_proxy = options.https_proxy = settings.proxy;
    transport = make_transport_(loop_, options);
  }
  return *transport;
}

}  // namespace earshot::core
