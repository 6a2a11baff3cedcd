#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include <earshot/core/product/answer_shelf.hpp>
#include <earshot/core/runtime/loop.hpp>
#include <earshot/core/store/store.hpp>

namespace earshot::core {

/// The shelf of one run: what it keeps goes to the store in bundles, and all of it with `flush`.
/// [one thread at a time] of its loop.
class StoreShelf final : public AnswerShelf {
 public:
  struct Options {
    IntegrationId integration = 0;
    Time since{};  ///< Answers last checked before that are not good enough.
    bool read_only = false;
  };
  /// `run` is kept until the store has answered, and with it the loop.
  StoreShelf(Store& store, Loop& loop, Options options, std::weak_ptr<const void> run);

  void find(const std::string& key, Found found) override;
  void keep(const std::string& key, KeptAnswer answer) override;
  void flush();

 private:
  Store& store_;
  Loop& loop_;
  Options options_;
  std::weak_ptr<const void> run_;
  std::map<std::string, KeptAnswer> bundle_;
  std::size_t bundle_bytes_ = 0;
};

}  // namespace earshot::core
