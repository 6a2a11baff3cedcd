#pragma once

#include <optional>
#include <string>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/store/kept_answer.hpp>

namespace earshot::core {

/// Where the answers of one integration lie that its manifest lets be kept.
/// [one thread at a time] of its loop.
class AnswerShelf {
 public:
  using Found = Callback<void(std::optional<KeptAnswer>)>;

  virtual ~AnswerShelf() = default;
  /// Calls `found` on the loop, never inside `find`.
  virtual void find(const std::string& key, Found found) = 0;
  virtual void keep(const std::string& key, KeptAnswer answer) = 0;
};

}  // namespace earshot::core
