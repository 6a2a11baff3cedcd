#include "preparation.hpp"

#include <string>
#include <utility>
#include <vector>

#include <earshot/core/base/random.hpp>

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

}  // namespace

void Preparation::prepare(IntegrationSettings settings, const PluginFile& plugin, Ready ready) {
  auto prepared = std::make_shared<Prepared>();
  prepared->settings = std::move(settings);
  loops_.first().post([this, prepared, plugin, ready = std::move(ready)]() mutable {
    Result<const LoadedPlugin*> loaded = options_.loader->load(plugin);
    if (!loaded) return ready(loaded.error());
    prepared->plugin = *loaded;
    if (Result<void> compiled = compile_mappings(*prepared); !compiled)
      return ready(compiled.error());
    if (options_.store == nullptr) return find_account(std::move(prepared), std::move(ready));
    find_id(std::move(prepared), std::move(ready));
  });
}

void Preparation::find_id(PreparedPtr prepared, Ready ready) {
  const std::string name = prepared->settings.name;
  const std::string plugin = prepared->settings.plugin;
  options_.store->ensure_integration(
      name, plugin,
      on_loop<IntegrationId>(loops_.first(),
                             [this, prepared = std::move(prepared),
                              ready = std::move(ready)](Result<IntegrationId> id) mutable {
                               if (!id) return ready(id.error());
                               prepared->id = *id;
                               find_secrets(std::move(prepared), std::move(ready));
                             }));
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
  if (prepared.settings.credentials.contains(sealed.name)) return {};
  EAR_TRY(Secret secret, options_.vault->unseal(prepared.id, sealed.name, sealed.sealed));
  prepared.settings.credentials.emplace(sealed.name, std::move(secret));
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
  auto open = [this, place, key, prepared = std::move(prepared),
               ready = std::move(ready)](Result<std::string> saved) mutable {
    if (!saved) return ready(saved.error());
    prepared->account = place.accounts.make(
        key, effective_limits(prepared->plugin->file.manifest, prepared->settings), *saved);
    make_client(*prepared, place.accounts);
    ready(std::move(prepared));
  };
  if (options_.store == nullptr) {
    place.loop.post([open = std::move(open)]() mutable { open(std::string()); });
  } else {
    options_.store->budget(key, on_loop<std::string>(place.loop, std::move(open)));
  }
}

void Preparation::make_client(Prepared& prepared, LoopAccounts& accounts) {
  // Clients that start together shall not back off together.
  const std::uint64_t of_integration =
      Random(options_.seed + static_cast<std::uint64_t>(prepared.id)).next();
  const std::uint64_t seed = Random(of_integration + clients_++).next();
  prepared.config = plugin_config(prepared.settings, prepared.plugin->file.manifest);
  prepared.client = std::make_unique<ProductClient>(
      *prepared.loop, accounts.transport(prepared.settings.http), prepared.account->limiter,
      *options_.log, product_account(prepared.settings, prepared.plugin->file.manifest), seed);
}

}  // namespace earshot::core
