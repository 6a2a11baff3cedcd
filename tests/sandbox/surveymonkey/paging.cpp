#include "sandbox/surveymonkey/paging.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/sdk/text.hpp>

#include "sandbox/surveymonkey/replies.hpp"
#include "sandbox/surveymonkey/survey_plan.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::string_view kHost = "https://api.surveymonkey.net";
constexpr std::uint64_t kMostPages = 1'000'000'000;

std::optional<std::uint64_t> read_number(const Parameters& query, std::string_view name,
                                         std::uint64_t otherwise, std::uint64_t largest) {
  const auto text = query.find(name);
  if (!text) return otherwise;
  const auto number = core::parse_integer(*text);
  if (!number || *number < 1 || static_cast<std::uint64_t>(*number) > largest) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::string link_to(std::string_view path, const Parameters& query, std::uint64_t number,
                    std::uint64_t size) {
  std::string url = fmt::format("{}{}?page={}&per_page={}", kHost, path, number, size);
  for (const auto& [name, value] : query) {
    if (name == "page" || name == "per_page") continue;
    url += fmt::format("&{}={}", name, sdk::percent_encode(value));
  }
  return url;
}

}  // namespace

std::optional<MonkeyPage> read_page(const Parameters& query, std::uint64_t largest,
                                    std::uint64_t page_cap) {
  const auto number = read_number(query, "page", 1, kMostPages);
  auto size = read_number(query, "per_page", 50, largest);
  if (!number || !size) return std::nullopt;
  if (page_cap > 0) *size = std::min(*size, page_cap);
  return MonkeyPage{*number, *size};
}

bool has_only(const Parameters& query, const std::vector<std::string_view>& names) {
  return std::all_of(query.begin(), query.end(), [&](const auto& field) {
    return std::find(names.begin(), names.end(), field.first) != names.end();
  });
}

core::HttpReply page_reply(std::string_view path, const Parameters& query, const MonkeyPage& page,
                           std::uint64_t total, const std::vector<std::string>& items) {
  const std::uint64_t last = std::max<std::uint64_t>(1, (total + page.size - 1) / page.size);
  std::vector<std::pair<std::string_view, std::uint64_t>> links = {{"self", page.number}};
  if (page.number < last) links.emplace_back("next", page.number + 1);
  if (page.number < last) links.emplace_back("last", last);
  if (page.number > 1) links.emplace_back("prev", page.number - 1);
  if (page.number > 1) links.emplace_back("first", 1);
  std::string body = fmt::format(R"({{"per_page":{},"total":{},"data":[{}],"page":{},"links":{{)",
                                 page.size, total, fmt::join(items, ","), page.number);
  std::string header;
  for (const auto& [name, number] : links) {
    const std::string url = link_to(path, query, number, page.size);
    if (!header.empty()) body += ',', header += ", ";
    body += fmt::format(R"("{}":"{}")", name, with_escaped_slashes(url));
    header += fmt::format("<{}>; rel=\"{}\"", url, name);
  }
  core::HttpReply reply = monkey_reply(200, body + "}}");
  reply.headers.add("link", header);
  return reply;
}

std::vector<std::string> items_of(const MonkeyPage& page, const std::vector<std::string>& all) {
  const std::uint64_t begin = std::min<std::uint64_t>((page.number - 1) * page.size, all.size());
  const std::uint64_t end = std::min<std::uint64_t>(begin + page.size, all.size());
  return {all.begin() + static_cast<std::ptrdiff_t>(begin),
          all.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace earshot::sandbox
