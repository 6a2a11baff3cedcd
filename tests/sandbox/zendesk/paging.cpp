#include "sandbox/zendesk/paging.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/sdk/text.hpp>

namespace earshot::sandbox {
namespace {

constexpr std::uint64_t kLargestPage = 100;
constexpr std::uint64_t kDeepest = 10'000;

core::HttpReply bad_page(std::string_view code, std::string_view title) {
  return json_reply(400,
                    fmt::format(R"({{"errors":[{{"code":"{}","title":"{}"}}]}})", code, title));
}

/// A number of at least 1, capped at `most`; `standard` where the parameter is missing.
std::optional<std::uint64_t> number(const Parameters& query, std::string_view name,
                                    std::uint64_t standard, std::uint64_t most) {
  const auto text = query.find(name);
  if (!text) return standard;
  const auto value = core::parse_integer(*text);
  if (!value || *value < 1) return {};
  return std::min(static_cast<std::uint64_t>(*value), most);
}

std::string encode_index(std::uint64_t index) {
  return core::base64_encode(fmt::format(R"({{"o":"id","v":{}}})", index));
}

std::optional<std::uint64_t> decode_index(std::string_view cursor) {
  const auto text = core::base64_decode(cursor);
  if (!text || !text->starts_with(R"({"o":"id","v":)") || !text->ends_with('}')) return {};
  const auto value = core::parse_integer(std::string_view(*text).substr(14, text->size() - 15));
  if (!value || *value < 0) return {};
  return static_cast<std::uint64_t>(*value);
}

std::string elements(const ListSource& list, std::uint64_t from, std::uint64_t to) {
  std::string out = fmt::format(R"("{}":[)", list.name);
  for (std::uint64_t index = from; index < to; ++index) {
    if (index > from) out += ',';
    out += list.element(index);
  }
  return (out += ']') += list.extra;
}

std::string quoted_or_null(bool present, const std::string& text) {
  return present ? fmt::format("\"{}\"", text) : "null";
}

}  // namespace

core::HttpReply cursor_page(const ListSource& list, const Parameters& query) {
  const auto size = number(query, "page[size]", kLargestPage, kLargestPage);
  if (!size) return bad_page("InvalidPaginationParameter", "page[size] is not valid");
  std::uint64_t from = 0;
  if (const auto after = query.find("page[after]")) {
    const auto index = decode_index(*after);
    if (!index) return bad_page("InvalidPaginationParameter", "page[after] is not valid");
    from = std::min(*index, list.count);
  } else if (const auto before = query.find("page[before]")) {
    const auto index = decode_index(*before);
    if (!index) return bad_page("InvalidPaginationParameter", "page[before] is not valid");
    from = std::min(*index, list.count) - std::min(*size, std::min(*index, list.count));
  }
  const std::uint64_t to = std::min(from + *size, list.count);
  const bool more = to < list.count;
  const auto link = [&](bool present, std::string_view way, std::uint64_t index) {
    return quoted_or_null(present,
                          fmt::format("{}?page%5B{}%5D={}&page%5Bsize%5D={}", list.url, way,
                                      sdk::percent_encode(encode_index(index)), *size));
  };
  return json_reply(
      200, fmt::format(R"({{{},"meta":{{"has_more":{},"after_cursor":{},"before_cursor":{}}},)"
                       R"("links":{{"prev":{},"next":{}}}}})",
                       elements(list, from, to), more, quoted_or_null(to > from, encode_index(to)),
                       quoted_or_null(to > from, encode_index(from)),
                       link(from > 0, "before", from), link(more, "after", to)));
}

core::HttpReply offset_page(const ListSource& list, const Parameters& query) {
  const auto page = number(query, "page", 1, kDeepest + 1);
  const auto size = number(query, "per_page", kLargestPage, kLargestPage);
  if (!page || !size) return bad_page("InvalidPaginationParameter", "page is not valid");
  if (*page * *size > kDeepest) {
    return bad_page("InvalidPaginationDepth", "Number of records exceeds the limit of 10000");
  }
  const std::uint64_t from = std::min((*page - 1) * *size, list.count);
  const std::uint64_t to = std::min(from + *size, list.count);
  const auto link = [&](bool present, std::uint64_t number_of_page) {
    return quoted_or_null(present,
                          fmt::format("{}?page={}&per_page={}", list.url, number_of_page, *size));
  };
  return json_reply(200, fmt::format(R"({{{},"next_page":{},"previous_page":{},"count":{}}})",
                                     elements(list, from, to), link(to < list.count, *page + 1),
                                     link(*page > 1, *page - 1), list.count));
}

}  // namespace earshot::sandbox
