#include "store_shelf.hpp"

#include <utility>

namespace earshot::core {
namespace {

constexpr std::size_t kBundle = 64;
constexpr std::size_t kBundleBytes = 1U << 20;

}  // namespace

StoreShelf::StoreShelf(Store& store, Loop& loop, Options options, std::weak_ptr<const void> run)
    : store_(store), loop_(loop), options_(options), run_(std::move(run)) {}

void StoreShelf::find(const std::string& key, Found found) {
  if (const auto kept = bundle_.find(key); kept != bundle_.end()) {
    loop_.post(
        [answer = kept->second, found = std::move(found)]() mutable { found(std::move(answer)); });
    return;
  }
  store_.answer(options_.integration, key,
                [run = run_.lock(), &loop = loop_, since = options_.since,
                 found = std::move(found)](Result<std::optional<KeptAnswer>> answer) mutable {
                  std::optional<KeptAnswer> kept;
                  if (answer && *answer && (*answer)->checked >= since) kept = **std::move(answer);
                  loop.post([run = std::move(run), kept = std::move(kept),
                             found = std::move(found)]() mutable { found(std::move(kept)); });
                });
}

void StoreShelf::keep(const std::string& key, KeptAnswer answer) {
  bundle_bytes_ += answer.body.size();
  bundle_.insert_or_assign(key, std::move(answer));
  if (bundle_.size() >= kBundle || bundle_bytes_ >= kBundleBytes) flush();
}

void StoreShelf::flush() {
  bundle_bytes_ = 0;
  auto bundle = std::exchange(bundle_, {});
  if (bundle.empty() || options_.read_only) return;
  store_.put_answers(options_.integration, std::move(bundle), {}, [](Result<void>) {});
}

}  // namespace earshot::core
