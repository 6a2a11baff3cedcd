#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/plugin/call.hpp>

#include "conformance/library.hpp"
#include "conformance/loans.hpp"
#include "conformance/product.hpp"
#include "conformance/subject.hpp"

namespace earshot::conformance {

/// How the host that a plugin is given differs from the real one behind it.
struct Manner {
  /// What a function that may sleep answers instead of doing its work; EAR_OK: it does it. Such
  /// calls of a visit are counted from 1. A sticky code is answered from then on.
  std::function<ear_rc(std::uint64_t number, std::string_view function)> answers{};
  std::uint64_t empty_alloc = 0;  ///< The number of the `alloc` that gives NULL, from 1.
  std::optional<Loans::Guards> guards{};
  std::string config{};  ///< What the plugin reads as its configuration; empty: what it would read.
};

/// One item that the plugin handed over, and what it said of it itself.
struct HandedOver {
  std::string mapping;
  std::string item;  ///< Its JSON; empty where there are only fields.
  std::vector<core::ComputedField> fields;
};

/// What the plugin did.
struct Deeds {
  ear_rc rc = EAR_OK;                   ///< Of the last operation.
  std::vector<std::string> requests{};  ///< "GET /path?query body", as the plugin asked.
  std::vector<std::string> changes{};   ///< Those that are not only to read.
  std::vector<std::string> hosts{};     ///< Of the absolute URLs among them.
  std::vector<std::string> emitted{};   ///< "mapping {item}" and fields.
  std::vector<HandedOver> items{};      ///< The same, item by item.
  std::vector<std::string> cursors{};   ///< "stream cursor"
  std::uint64_t empty_cursors = 0;      ///< Checkpoints without a cursor, which the host refuses.
  std::vector<std::string> logged{};
  std::vector<std::string> messages{};  ///< Of `fail` and `problem`.
  std::map<std::string, std::string> reports{};
  std::uint64_t suspensions = 0;
  std::uint64_t allocations = 0;
  std::vector<std::string> after_stop{};   ///< Functions that may sleep, after a sticky code.
  std::vector<std::string> out_of_call{};  ///< Functions with an ear_call whose call was over.
  std::vector<std::string> while_closing{};
  std::vector<std::string> untrue_sizes{};  ///< Structures whose `size` is not theirs.
  core::Micros longest_slice{0};            ///< Of the processor, between two host functions.

  /// The last message, or empty.
  [[nodiscard]] std::string message() const { return messages.empty() ? "" : messages.back(); }
};

/// In words what `found` asked for, emitted and kept otherwise than `expected`; empty: nothing.
[[nodiscard]] std::string otherwise(const Deeds& expected, const Deeds& found);

/// "CANCELLED (1)"
[[nodiscard]] std::string code_name(ear_rc rc);
[[nodiscard]] bool is_sticky(ear_rc rc) noexcept;

class Rig;

/// One instance of the plugin, called as a host calls it. Each operation has an ear_call of its
/// own. For the thread that the visit's body runs on, or one thread in its place.
class Visit {
 public:
  ear_rc open();
  ear_rc authenticate();
  ear_rc fetch();
  void close();
  /// What `open` left in its place for the instance.
  [[nodiscard]] bool has_instance() const noexcept { return instance_ != nullptr; }
  [[nodiscard]] Deeds& deeds() noexcept { return deeds_; }

 private:
  friend class Rig;
  friend struct RigHost;
  class Notebook;

  /// What the plugin is given for an ear_call.
  struct Handle {
    Visit* visit = nullptr;
    bool over = false;
  };

  Visit(const Rig& rig, Manner manner);
  ~Visit();
  ear_rc operate(const std::function<ear_rc(ear_call*)>& operation);
  [[nodiscard]] ear_str lent(ear_str text, std::string_view what, std::uint64_t owner);

  const Rig& rig_;
  Manner manner_;
  std::unique_ptr<Loans> loans_;
  std::unique_ptr<Notebook> notebook_;
  std::deque<Handle> handles_;
  ear_call* inner_ = nullptr;  ///< The real host's.
  ear_instance* instance_ = nullptr;
  bool closing_ = false;
  ear_rc stopped_ = EAR_OK;
  std::uint64_t slept_ = 0;  ///< Milliseconds, through `sleep`.
  core::Micros slice_begun_{0};
  Deeds deeds_;
};

/// The plugin's own code behind a host that notes what it does and can be told to fail it: each
/// host function is the kit's, which passes what it is asked on to a real call of the real host.
/// Nothing is stored; time passes by itself, but to the plugin it is that of the recording and what
/// it slept, so that visits are the same. A visit that does not end ends the case as a hang.
class Rig {
 public:
  /// `host`: what the plugin is given for it; by default rig_host().
  [[nodiscard]] static core::Result<std::unique_ptr<Rig>> open(const Subject& subject,
                                                               const ear_host* host = nullptr);
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  /// Runs `body` on a plugin's thread. [thread-safe], also from inside of a visit.
  Deeds visit(PlayedProduct& product, Manner manner, std::function<void(Visit&)> body) const;
  /// Opens an instance, fetches from what was recorded without its failures, closes it.
  [[nodiscard]] Deeds fetch(Manner manner = {}) const;
  /// The same from another recording.
  [[nodiscard]] Deeds fetch_from(const Recording& recording, Manner manner = {}) const;
  /// The same for authenticating.
  [[nodiscard]] Deeds authenticate(Manner manner = {}) const;

  [[nodiscard]] const ear_plugin& plugin() const noexcept { return *table_; }
  [[nodiscard]] const ear_host& host() const noexcept { return *host_; }
  [[nodiscard]] core::Time recorded_at() const noexcept { return subject_.recorded_at(); }
  [[nodiscard]] const core::JsonDocument& config() const noexcept { return *config_; }

 private:
  Rig(const Subject& subject, const ear_host& host);
  void wait_for(const std::future<void>& ended) const;
  [[nodiscard]] Deeds operate(const Recording& recording, Manner manner,
                              ear_rc (Visit::*operation)()) const;

  const Subject& subject_;
  const ear_host* host_;
  const ear_plugin* table_ = nullptr;
  core::IntegrationSettings settings_;
  std::shared_ptr<const core::JsonDocument> config_;
  core::ProductAccount account_;
  core::LoadedPlugin loaded_;  ///< For the real host, which is shown no code of the plugin's.
  ear_plugin stub_{};
  mutable core::VirtualClock clock_;
  mutable core::Log log_;
  mutable core::Loop loop_;
  mutable core::ThreadPool pool_;
};

/// The kit's own host table, which serves calls of a rig.
[[nodiscard]] const ear_host& rig_host() noexcept;
/// The same, but without any extension.
[[nodiscard]] const ear_host& bare_rig_host() noexcept;

}  // namespace earshot::conformance
