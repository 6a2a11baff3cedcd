#pragma once

/// Start here: what an integration is, and the macro that makes a plugin of it.
///
///     class Acme final : public earshot::sdk::BaseIntegration { ... };
///     EARSHOT_PLUGIN(Acme)

#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <earshot/abi.h>
#include <earshot/sdk/call.hpp>

namespace earshot::sdk {

inline constexpr std::string_view kSdkName = "earshot-cpp 0.1.0";

/// What the credentials open at the product.
struct Account {
  std::string id;    ///< The product's id of the account; never empty.
  std::string name;  ///< For people.
};

/// What to fetch. A hint: the host keeps the window and the limit exactly.
struct FetchRequest {
  std::optional<Time> from;  ///< Window [from, to); absent is open.
  std::optional<Time> to;
  std::uint64_t limit = 0;  ///< 0 is none.
};

/// What register_webhook came to.
struct Webhook {
  std::string id;      ///< The product's id of the webhook, or empty:
  std::string manual;  ///< the steps that a person must take.

  [[nodiscard]] static Webhook registered(std::string id) {
    return {.id = std::move(id), .manual = {}};
  }
  [[nodiscard]] static Webhook by_hand(std::string steps) {
    return {.id = {}, .manual = std::move(steps)};
  }
};

/// One configured account of a product. Source name and required config fields are the manifest's.
/// Lasting state lives in the host (cursors, reports), never in members.
/// [one thread at a time]
class BaseIntegration {
 public:
  BaseIntegration() = default;
  BaseIntegration(const BaseIntegration&) = delete;
  BaseIntegration& operator=(const BaseIntegration&) = delete;
  virtual ~BaseIntegration() = default;

  /// Proves that the credentials work, and says whose they are.
  virtual Result<Account> authenticate(Call& call) = 0;
  /// Emits what is new since the stored cursors, with a checkpoint after every page.
  virtual Result<void> fetch_feedback(Call& call, const FetchRequest& request) = 0;
  /// Makes the product deliver to `url`. `state` is what was last reported (`/hook_id`). However
  /// often it is called, one webhook.
  virtual Result<Webhook> register_webhook(Call& call, std::string_view url, const Value& state) {
    static_cast<void>(call), static_cast<void>(url), static_cast<void>(state);
    return Error{.code = Code::unsupported, .message = "this product has no webhooks here"};
  }
};

/// The C side of an integration: turns Results and exceptions into codes. Nothing to call by hand.
template <typename Integration>
struct Trampoline {
  /// What stands behind an ear_instance.
  struct Instance {
    explicit Instance(const ear_host* opener) : host(opener) {}
    const ear_host* host;
    Integration integration{};
  };
  static Instance& at(ear_instance* instance) noexcept {
    return *reinterpret_cast<Instance*>(instance);
  }
  static BaseIntegration& self(ear_instance* instance) noexcept { return at(instance).integration; }

  /// Runs `body` and answers its code; says why through the host where it fails.
  template <typename Body>
  static ear_rc guard(const ear_host* host, ear_call* call, Body&& body) noexcept {
    Call host_call(host, call);
    try {
      Result<void> result = std::forward<Body>(body)(host_call);
      return result ? EAR_OK : host_call.fail(result.error());
    } catch (const std::bad_alloc&) {
      return host_call.fail({.code = Code::limit, .message = {}});
    } catch (const std::exception& bug) {
      return fail_with(host_call, bug.what());
    } catch (...) {
      return fail_with(host_call, "an exception that is no std::exception");
    }
  }
  static ear_rc fail_with(Call& call, const char* what) noexcept {
    try {
      return call.fail(
          {.code = Code::internal, .message = std::string("the plugin threw: ") + what});
    } catch (...) {
      return EAR_INTERNAL;
    }
  }

  static ear_rc open(const ear_host* host, ear_call* call, ear_instance** out) noexcept {
    return guard(host, call, [&](Call& /*call*/) -> Result<void> {
      *out = reinterpret_cast<ear_instance*>(new Instance(host));
      return {};
    });
  }
  static void close(ear_instance* instance) noexcept { delete &at(instance); }

  static ear_rc authenticate(ear_instance* instance, ear_call* call) noexcept {
    return guard(at(instance).host, call, [&](Call& c) -> Result<void> {
      EAR_TRY(const Account account, self(instance).authenticate(c));
      EAR_CHECK(c.report("account_id", account.id));
      return c.report("account_name", account.name);
    });
  }
  static ear_rc fetch_feedback(ear_instance* instance, ear_call* call,
                               const ear_fetch* fetch) noexcept {
    return guard(at(instance).host, call, [&](Call& c) -> Result<void> {
      const auto time = [](ear_time at) -> std::optional<Time> {
        if (at == EAR_TIME_NONE) return std::nullopt;
        return Time(std::chrono::microseconds(at));
      };
      return self(instance).fetch_feedback(
          c, {.from = time(fetch->from), .to = time(fetch->to), .limit = fetch->limit});
    });
  }
  static ear_rc register_webhook(ear_instance* instance, ear_call* call,
                                 const ear_webhook* webhook) noexcept {
    return guard(at(instance).host, call, [&](Call& c) -> Result<void> {
      const ear_json& json = *c.host()->json;
      const Value state(&json, call, json.root(call, webhook->state));
      EAR_TRY(const Webhook made, self(instance).register_webhook(c, view(webhook->url), state));
      return made.id.empty() ? c.report("manual", made.manual) : c.report("hook_id", made.id);
    });
  }
  static const void* extension(ear_str /*id*/) noexcept { return nullptr; }
};

/// What earshot_add_plugin() generates from manifest.json. Static text.
struct ManifestText {
  std::string_view text;
  std::string_view name;
  std::string_view required;
};

}  // namespace earshot::sdk

/// Made by earshot_add_plugin() beside the plugin's own code.
extern const earshot::sdk::ManifestText earshot_manifest_text;

/// Defines the one exported symbol for an integration class.
#define EARSHOT_PLUGIN(Integration)                                                               \
  extern "C" EAR_EXPORT const ear_plugin* ear_entry_v1(const ear_host* host, ear_str* why_not) {  \
    using Bridge = ::earshot::sdk::Trampoline<Integration>;                                       \
    static const ear_plugin plugin = {                                                            \
        .size = sizeof(ear_plugin),                                                               \
        .minor = EAR_ABI_MINOR,                                                                   \
        .sdk = ::earshot::sdk::borrow(::earshot::sdk::kSdkName),                                  \
        .manifest = [] { return ::earshot::sdk::borrow(earshot_manifest_text.text); },            \
        .source_name = [] { return ::earshot::sdk::borrow(earshot_manifest_text.name); },         \
        .required_config = [] { return ::earshot::sdk::borrow(earshot_manifest_text.required); }, \
        .open = Bridge::open,                                                                     \
        .close = Bridge::close,                                                                   \
        .authenticate = Bridge::authenticate,                                                     \
        .fetch_feedback = Bridge::fetch_feedback,                                                 \
        .register_webhook = Bridge::register_webhook,                                             \
        .extension = Bridge::extension,                                                           \
    };                                                                                            \
    if (host == nullptr || !EAR_HAS(host, secret_put)) {                                          \
      *why_not = ::earshot::sdk::borrow(                                                          \
          "the host's table ends before secret_put: it is older than ABI 1.0");                   \
      return nullptr;                                                                             \
    }                                                                                             \
    return &plugin;                                                                               \
  }
