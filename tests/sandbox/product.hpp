#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/http/server.hpp>

namespace earshot::sandbox {

/// What a simulated account is made from. The same setup makes the same account, byte for byte.
struct ProductSetup {
  std::uint64_t items = 200;
  std::uint64_t seed = 1;
  core::Time now{};            ///< The account's content lies before this.
  bool limits = true;          ///< False lifts rate limits and sends no headers of theirs.
  std::uint64_t page_cap = 0;  ///< Pages hold no more items than this; 0 for the product's maximum.
  std::chrono::seconds token_life{0};  ///< Of OAuth tokens; 0 for the product's own.
};

/// Things that happen to the account's items, as if its people had worked.
struct Change {
  std::uint64_t update = 0;
  std::uint64_t remove = 0;
  std::uint64_t add = 0;
};

/// What a change came to: ids as text.
struct Changed {
  std::vector<std::string> updated;
  std::vector<std::string> removed;
  std::vector<std::string> added;
};

/// One way to get in, for people and tests: members of an integration's config and credentials.
struct AccessWay {
  std::string title;
  std::string config;       ///< A JSON object.
  std::string credentials;  ///< A JSON object.
};

/// One simulated product: an account with content, behind the product's own HTTP API. No sockets:
/// requests are values, time is asked of the clock it was made with. [one thread at a time]
class SimulatedProduct {
 public:
  virtual ~SimulatedProduct() = default;

  /// Ways to get in; the first is the one to use, the others are what a plugin must cope with.
  [[nodiscard]] virtual std::vector<AccessWay> access() const = 0;
  /// Answers as the product would, refusals included.
  [[nodiscard]] virtual core::HttpReply handle(const core::HttpIncoming& request) = 0;
  /// True if a request only reads, so that its answer may come once more.
  [[nodiscard]] virtual bool reads(const core::HttpIncoming& request) const {
    return request.method == "GET";
  }
  /// How the product says 429, 500 or 503, for failures that are asked for.
  [[nodiscard]] virtual core::HttpReply failure(int status, std::chrono::seconds retry_after) = 0;
  /// The truth document: {"count","ids","deleted","checksum","traits"}.
  [[nodiscard]] virtual std::string truth() const = 0;
  virtual Changed change(const Change& change) = 0;
  /// Prepares all answers now that would else be prepared when first asked for.
  virtual void warm() = 0;
};

/// Makes the product of that name; `clock` outlives it.
using ProductFactory = std::unique_ptr<SimulatedProduct> (*)(const ProductSetup& setup,
                                                             const core::Clock& clock);

struct ProductEntry {
  std::string_view name;
  ProductFactory make;
};

/// Every product there is; the list is in products.cpp.
[[nodiscard]] const std::vector<ProductEntry>& products();

}  // namespace earshot::sandbox
