#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/store/store.hpp>

namespace earshot::core {

/// As Store::known asks and answers, for one integration.
using AskKnown =
    std::function<void(RecordKind, std::vector<std::string> ids, std::vector<std::int64_t> versions,
                       Callback<void(Result<std::vector<Known>>)>)>;

/// What a commit of `batch` would count, without committing: one question a kind.
void count_dry(const Batch& batch, AskKnown ask, Callback<void(Result<RecordCounts>)> done);

}  // namespace earshot::core
