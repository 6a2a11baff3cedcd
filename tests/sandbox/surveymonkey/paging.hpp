#pragma once

/// Pages of lists: numbered, with links to their neighbours.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/http/server.hpp>

#include "sandbox/http_text.hpp"

namespace earshot::sandbox {

/// Which page was asked for.
struct MonkeyPage {
  std::uint64_t number = 1;
  std::uint64_t size = 50;
};

/// Reads `page` and `per_page`, at most `largest`; nothing where one of them is no such number.
/// `page_cap` as in ProductSetup.
[[nodiscard]] std::optional<MonkeyPage> read_page(const Parameters& query, std::uint64_t largest,
                                                  std::uint64_t page_cap);

/// True if every parameter is one of these.
[[nodiscard]] bool has_only(const Parameters& query, const std::vector<std::string_view>& names);

/// {"data","per_page","page","total","links"} with the `items` of that page, each JSON already.
/// Links go to the host of old, api.surveymonkey.net, as real ones do.
[[nodiscard]] core::HttpReply page_reply(std::string_view path, const Parameters& query,
                                         const MonkeyPage& page, std::uint64_t total,
                                         const std::vector<std::string>& items);

/// The items of a page among all of them.
[[nodiscard]] std::vector<std::string> items_of(const MonkeyPage& page,
                                                const std::vector<std::string>& all);

}  // namespace earshot::sandbox
