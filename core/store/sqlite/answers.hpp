#pragma once

/// Answers of products that need not be asked for again for a while.

#include <map>
#include <optional>
#include <string>

#include <earshot/core/store/store.hpp>

#include "database.hpp"

namespace earshot::core {

[[nodiscard]] Result<void> put_answers(Database& database, IntegrationId integration,
                                       const std::map<std::string, KeptAnswer>& answers,
                                       AnswerBounds bounds);
/// Nothing too where what rests there is damaged: it is asked for again.
[[nodiscard]] Result<std::optional<KeptAnswer>> kept_answer(Database& database,
                                                            IntegrationId integration,
                                                            const std::string& key);

}  // namespace earshot::core
