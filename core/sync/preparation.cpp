#include "preparation.hpp"

#include <string>
#include <utility>
#include <vector>

#include <earshot/core/base/random.hpp>

#include "vault_tokens.hpp"

namespace earshot::core {

namespace {

using State = std::map<std::string, std::string>;

/// What integrations of one account share is kept under its key. As long as the account is not
/// known, an integration is one of its own.
std::string account_key(const Prepared& prepared) {
  const auto known = prepared.state.find(kAccountId);
  return prepared.settings.plugin + "/" +
         (known == prepared.state.end() ? "integration:" + prepared.settings.name : known->second);
}

/// Adds what was spent elsewhere to the account's budgets, or to those of the integration in it.
void take_along(Prepared& prepared, std::string& spent, const std::string& integration) {
  const Clock& clock = prepared.loop->clock();
  if (!spent.empty())
    prepared.account->limiter.restore(spent, clock.tick(), clock.now(), integration);
  spent.clear();
}

}  // namespace

void Preparation::prepare(IntegrationSettings settings, const PluginFile& plugin, bool dry,
                          const TicketPtr& ticket, Ready ready) {
  auto prepared = std::make_shared<Prepared>();
  prepared->dry = dry;
  prepared->settings = std::move(settings);
  prepared->credentials = credentials_digest(prepared->settings);
  prepared->operation = ticket;
  threads_.loaders.run([this, prepared, plugin, ready = std::move(ready)]() mutable {
    Result<void> loaded = load(*prepared, plugin);
    loops_.first().post([this, loaded = std::move(loaded), prepared = std::move(prepared),
                         ready = std::move(ready)]() mutable {
      if (!loaded) return ready(loaded.error());
      if (options_.store == nullptr) return find_account(std::move(prepared), std::move(ready));
      find_id(std::move(prepared), std::move(ready));
    });
  });
}

Result<void> Preparation::load(Prepared& prepared, const PluginFile& plugin) const {
  EAR_TRY(prepared.plugin, options_.loader->load(plugin));
  EAR_TRY(prepared.mappings, compile_mappings(prepared.settings, prepared.plugin->file.manifest));
  return {};
}

void Preparation::report(PreparedPtr prepared, const State& reports, Ready ready) {
  for (const auto& [key, value] : reports) prepared->state[key] = value;
  const std::string before = prepared->account->key;
  if (account_key(*prepared) == before) return ready(std::move(prepared));
  const Tick now = prepared->loop->clock().tick();
  const Time calendar = prepared->loop->clock().now();
  prepared->spent = prepared->account->limiter.save(now, calendar);
  prepared->own_spent = prepared->account->limiter.save(now, calendar, prepared->settings.name);
  if (!prepared->dry) options_.store->put_budget(before, {}, [](Result<void>) {});
  find_account(std::move(prepared), std::move(ready));
}

void Preparation::find_id(PreparedPtr prepared, Ready ready) {
  const std::string name = prepared->settings.name;
  const std::string plugin = prepared->settings.plugin;
  const bool dry = prepared->dry;
  auto found = on_loop<IntegrationId>(loops_.first(),
                                      [this, prepared = std::move(prepared),
                                       ready = std::move(ready)](Result<IntegrationId> id) mutable {
                                        if (!id) return ready(id.error());
                                        prepared->id = *id;
                                        find_secrets(std::move(prepared), std::move(ready));
                                      });
  dry ? options_.store->find_integration(name, plugin, std::move(found))
      : options_.store->ensure_integration(name, plugin, std::move(found));
}

void Preparation::find_secrets(PreparedPtr prepared, Ready ready) {
  const IntegrationId id = prepared->id;
  options_.store->secrets(
      id, on_loop<std::vector<SealedSecret>>(
              loops_.first(), [this, prepared = std::move(prepared), ready = std::move(ready)](
                                  Result<std::vector<SealedSecret>> sealed) mutable {
                if (!sealed) return ready(sealed.error());
                for (const SealedSecret& one : *sealed) {
                  if (Result<void> opened = unseal(*prepared, one); !opened)
                    return ready(opened.error());
                }
                find_state(std::move(prepared), std::move(ready));
              }));
}

/// What the operator configured goes before what was stored.
Result<void> Preparation::unseal(Prepared& prepared, const SealedSecret& sealed) const {
  if (sealed.name == kTokensSecret) return {};  // read anew by each who uses them
  if (sealed.name == kRefusedSecret) return check_refusal(prepared, sealed);
  if (prepared.settings.credentials.contains(sealed.name)) return {};
  EAR_TRY(Secret secret, options_.vault->unseal(prepared.id, sealed.name, sealed.sealed));
  prepared.settings.credentials.emplace(sealed.name, std::move(secret));
  return {};
}

Result<void> Preparation::check_refusal(const Prepared& prepared,
                                        const SealedSecret& sealed) const {
  EAR_TRY(const Secret refused, options_.vault->unseal(prepared.id, sealed.name, sealed.sealed));
  if (std::optional<Error> refusal = refusal_of(refused, prepared.credentials)) return *refusal;
  options_.store->put_state(prepared.id, {{kNeedsReauth, ""}}, [](Result<void>) {});
  return {};
}

void Preparation::find_state(PreparedPtr prepared, Ready ready) {
  const IntegrationId id = prepared->id;
  options_.store->state(
      id, on_loop<State>(loops_.first(), [this, prepared = std::move(prepared),
                                          ready = std::move(ready)](Result<State> state) mutable {
        if (!state) return ready(state.error());
        prepared->state = *std::move(state);
        find_account(std::move(prepared), std::move(ready));
      }));
}

void Preparation::find_account(PreparedPtr prepared, Ready ready) {
  const std::string key = account_key(*prepared);
  const AccountLoops::Place place = loops_.place_of(key);
  prepared->loop = &place.loop;
  read_budget(key, place.loop,
              [this, place, key, prepared = std::move(prepared),
               ready = std::move(ready)](Result<std::string> saved) mutable {
                if (!saved) return ready(saved.error());
                prepared->account = place.accounts.make(
                    key,
                    effective_limits(prepared->plugin->file.manifest, prepared->settings,
                                     LimitRule::Scope::account),
                    *saved);
                take_along(*prepared, prepared->spent, {});
                find_own_budget(std::move(prepared), place.accounts, std::move(ready));
              });
}

void Preparation::find_own_budget(PreparedPtr prepared, LoopAccounts& accounts, Ready ready) {
  std::vector<LimitRule> rules = effective_limits(
      prepared->plugin->file.manifest, prepared->settings, LimitRule::Scope::integration);
  if (rules.empty()) {
    make_client(prepared, accounts);
    return ready(std::move(prepared));
  }
  const std::string key = prepared->account->key + "/integration:" + prepared->settings.name;
  prepared->own_budget = key;
  Loop& loop = *prepared->loop;
  read_budget(key, loop,
              [this, &accounts, rules = std::move(rules), prepared = std::move(prepared),
               ready = std::move(ready)](Result<std::string> saved) mutable {
                if (!saved) return ready(saved.error());
                accounts.add_own(*prepared->account, prepared->settings.name, std::move(rules),
                                 *saved);
                take_along(*prepared, prepared->own_spent, prepared->settings.name);
                make_client(prepared, accounts);
                ready(std::move(prepared));
              });
}

void Preparation::read_budget(const std::string& key, Loop& loop,
                              Callback<void(Result<std::string>)> done) const {
  if (options_.store != nullptr)
    return options_.store->budget(key, on_loop<std::string>(loop, std::move(done)));
  loop.post([done = std::move(done)]() mutable { done(std::string()); });
}

void Preparation::make_client(const PreparedPtr& prepared, LoopAccounts& accounts) {
  // Clients that start together shall not back off together.
  const std::uint64_t of_integration =
      Random(options_.seed + static_cast<std::uint64_t>(prepared->id)).next();
  const std::uint64_t seed = Random(of_integration + clients_++).next();
  const Manifest& manifest = prepared->plugin->file.manifest;
  ProductAccount account = product_account(prepared->settings, manifest);
  account.crowded = [&plugins = threads_.plugins] { return plugins.queued() > 0; };
  if (options_.store != nullptr && prepared->id != 0) {
    account.tokens = std::make_shared<VaultTokens>(
        VaultTokens::Services{token_desk_, *options_.store, *options_.vault}, prepared);
  }
  prepared->config = plugin_config(prepared->settings, manifest);
  prepared->client = std::make_unique<ProductClient>(
      *prepared->loop, accounts.transport(prepared->settings.http), prepared->account->limiter,
      *options_.log, std::move(account), seed, &threads_.parsers);
}

}  // namespace earshot::core
