#pragma once

#include <earshot/core/store/store.hpp>

#include "session.hpp"

namespace earshot::core {

/// Stores a batch as Store::commit says. conflict without the lease, misuse for an empty cursor;
/// the caller undoes what was written before the error.
[[nodiscard]] Result<RecordCounts> store_batch(Session& session, const Batch& batch);

/// Counts a batch as Store::rehearse says.
[[nodiscard]] Result<RecordCounts> rehearse_batch(Session& session, const Batch& batch);

}  // namespace earshot::core
