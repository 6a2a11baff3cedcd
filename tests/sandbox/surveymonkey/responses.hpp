#pragma once

/// GET /v3/surveys/{id}/responses and /responses/bulk

#include <cstdint>
#include <string_view>

#include <earshot/core/http/server.hpp>

#include "sandbox/http_text.hpp"
#include "sandbox/surveymonkey/response_book.hpp"

namespace earshot::sandbox {

/// Answers somebody who may ask. `bulk` with all of each response, else ids alone.
[[nodiscard]] core::HttpReply list_responses(ResponseBook& book, std::size_t survey, bool bulk,
                                             std::string_view path, const Parameters& query,
                                             std::uint64_t page_cap);

/// A date as filters take it: "2026-03-02T10:15:29+00:00", nothing shorter or longer.
[[nodiscard]] std::optional<std::int64_t> read_date_string(std::string_view text);

}  // namespace earshot::sandbox
