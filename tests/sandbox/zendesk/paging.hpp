#pragma once

/// The two ways in which Zendesk's lists are paged.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "sandbox/http_text.hpp"

namespace earshot::sandbox {

/// A list whose elements are asked for by index, in the order of the answer.
struct ListSource {
  std::string_view name;  ///< Member of the answer that holds the elements.
  std::string url;        ///< Of the list, for links.
  std::uint64_t count = 0;
  std::function<std::string(std::uint64_t index)> element;  ///< Its JSON.
  std::string extra;  ///< Members beside the elements, each with a comma before it; may be empty.
};

/// page[size] (at most 100), page[after]: {"NAME":[...],"meta":{...},"links":{...}}.
[[nodiscard]] core::HttpReply cursor_page(const ListSource& list, const Parameters& query);
/// page, per_page (at most 100), no further than 10,000 elements:
/// {"NAME":[...],"next_page","previous_page","count"}.
[[nodiscard]] core::HttpReply offset_page(const ListSource& list, const Parameters& query);

}  // namespace earshot::sandbox
