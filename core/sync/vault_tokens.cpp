#include "vault_tokens.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/core/json/writer.hpp>

#include "prepared.hpp"

namespace earshot::core {
namespace {

/// What must stay while a turn is held, and goes in the opposite order, the last copy on the loop.
struct Hold {
  std::shared_ptr<const void> operation{};
  std::shared_ptr<Prepared> prepared{};
  TokenDesk::Turn place{};
};

std::string digest(const Secret& secret) {
  return hex_encode(sha256(secret.reveal()));
}

Secret write_tokens(const KeptTokens& tokens, const std::string& first) {
  JsonWriter out;
  out.begin_object();
  out.member("first", first);
  out.member("refresh", tokens.refresh.reveal());
  out.member("access", tokens.access.reveal());
  if (tokens.expires) out.member("expires", rfc3339(*tokens.expires));
  out.end_object();
  return Secret(out.take());
}

/// Nothing where they came from another first token.
std::optional<KeptTokens> read_tokens(const Secret& text, const std::string& first) {
  const auto document = JsonDocument::parse(text.reveal());
  if (!document) return std::nullopt;
  const JsonValue root = document.value()->root();
  if (root.member("first").text() != first) return std::nullopt;
  return KeptTokens{.refresh = Secret(std::string(root.member("refresh").text())),
                    .access = Secret(std::string(root.member("access").text())),
                    .expires = parse_time(root.member("expires").text())};
}

Result<KeptTokens> find_tokens(const std::vector<SealedSecret>& sealed, const Vault& vault,
                               IntegrationId id, const Secret& first) {
  const auto kept = std::find_if(sealed.begin(), sealed.end(), [](const SealedSecret& secret) {
    return secret.name == kTokensSecret;
  });
  if (kept == sealed.end()) return KeptTokens{.refresh = first};
  EAR_TRY(const Secret text, vault.unseal(id, kTokensSecret, kept->sealed));
  return read_tokens(text, digest(first)).value_or(KeptTokens{.refresh = first});
}

class VaultTurn final : public TokenTurn {
 public:
  VaultTurn(VaultTokens::Services services, Hold hold, KeptTokens tokens, std::string first)
      : services_(services),
        hold_(std::move(hold)),
        tokens_(std::move(tokens)),
        first_(std::move(first)) {}
  VaultTurn(const VaultTurn&) = delete;
  VaultTurn& operator=(const VaultTurn&) = delete;
  /// What is held may own the client that destroys this: it goes later.
  ~VaultTurn() override {
    Loop& loop = *hold_.prepared->loop;
    loop.post([hold = std::move(hold_)] {});
  }

  [[nodiscard]] const KeptTokens& tokens() const override { return tokens_; }

  void save(const KeptTokens& tokens, Callback<void(Result<void>)> done) override {
    put(kTokensSecret, write_tokens(tokens, first_), std::move(done));
  }

  void give_up(const Error& why, Callback<void(Result<void>)> done) override {
    const Prepared& prepared = *hold_.prepared;
    JsonWriter out;
    out.begin_object();
    out.member("credentials", prepared.credentials);
    out.member("why", why.message);
    out.end_object();
    put(kRefusedSecret, Secret(out.take()), std::move(done));
    services_.store.put_state(prepared.id, {{kNeedsReauth, why.message}}, [](Result<void>) {});
  }

 private:
  void put(const char* name, const Secret& value, Callback<void(Result<void>)> done) {
    const IntegrationId id = hold_.prepared->id;
    services_.store.put_secret(
        id, {.name = name, .sealed = services_.vault.seal(id, name, value)},
        [hold = hold_, done = std::move(done)](Result<void> result) mutable {
          Loop& loop = *hold.prepared->loop;
          loop.post([hold = std::move(hold), result = std::move(result),
                     done = std::move(done)]() mutable { done(std::move(result)); });
        });
  }

  VaultTokens::Services services_;
  Hold hold_;
  KeptTokens tokens_;
  std::string first_;
};

}  // namespace

void VaultTokens::take(const Secret& first, Given given) {
  const std::shared_ptr<Prepared> asking = prepared_.lock();
  if (!asking) return;
  services_.desk.take(asking->id, [services = services_, prepared = prepared_, first,
                                   given = std::move(given)](TokenDesk::Turn place) mutable {
    Hold hold{.operation = {}, .prepared = prepared.lock(), .place = std::move(place)};
    if (hold.prepared) hold.operation = hold.prepared->operation.lock();
    if (!hold.operation) return;
    const IntegrationId id = hold.prepared->id;
    services.store.secrets(id, [services, hold = std::move(hold), first, given = std::move(given)](
                                   Result<std::vector<SealedSecret>> sealed) mutable {
      Result<KeptTokens> tokens =
          sealed ? find_tokens(*sealed, services.vault, hold.prepared->id, first)
                 : Result<KeptTokens>(sealed.error());
      Loop& loop = *hold.prepared->loop;
      loop.post([services, hold = std::move(hold), tokens = std::move(tokens),
                 first = digest(first), given = std::move(given)]() mutable {
        if (!tokens) return given(tokens.error());
        std::unique_ptr<TokenTurn> turn = std::make_unique<VaultTurn>(
            services, std::move(hold), *std::move(tokens), std::move(first));
        given(std::move(turn));
      });
    });
  });
}

std::string credentials_digest(const IntegrationSettings& settings) {
  std::string text = settings.base_url + '\n' + settings.config->root().dump() + '\n';
  for (const auto& [name, secret] : settings.credentials) {
    text += fmt::format("{} {} {}\n", name, secret.reveal().size(), secret.reveal());
  }
  return digest(Secret(std::move(text)));
}

std::optional<Error> refusal_of(const Secret& refused, const std::string& credentials) {
  const auto document = JsonDocument::parse(refused.reveal());
  if (!document) return std::nullopt;
  const JsonValue root = document.value()->root();
  if (root.member("credentials").text() != credentials) return std::nullopt;
  return Error{.code = Code::auth, .message = std::string(root.member("why").text())};
}

}  // namespace earshot::core
