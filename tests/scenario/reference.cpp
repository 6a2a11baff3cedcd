#include "reference.hpp"

#include <fstream>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

namespace earshot::scenario {

namespace {

void collect_names(core::JsonValue value, Names& names) {
  for (const core::JsonValue member : value) {
    if (value.is_object()) names.emplace(member.key());
    collect_names(member, names);
  }
}

/// The page on the command line, behind its chapter on JSON.
std::string reference() {
  std::ostringstream text;
  text << std::ifstream(EARSHOT_CLI_REFERENCE).rdbuf();
  return text.str().substr(text.str().find("\n## JSON\n"));
}

}  // namespace

Names names_of(const core::JsonDocument& document) {
  Names names;
  collect_names(document.root(), names);
  return names;
}

Names documented(const std::string& verb, std::size_t shape) {
  const std::string page = reference();
  const std::size_t row = page.find("\n| `" + verb + "`");
  EXPECT_NE(row, std::string::npos) << verb << " is not in the table";
  if (row == std::string::npos) return {};
  std::size_t begin = page.find(" | ", row);
  for (std::size_t i = 0; i <= shape; ++i)
    begin = page.find('`', i == 0 ? begin : page.find('`', begin + 1) + 1);
  const std::string span = page.substr(begin + 1, page.find('`', begin + 1) - begin - 1);
  static const std::regex name("\"([a-z_]+)\"");
  Names names;
  for (std::sregex_iterator at(span.begin(), span.end(), name), end; at != end; ++at)
    names.insert((*at)[1]);
  EXPECT_FALSE(names.empty()) << verb;
  return names;
}

Names exemplified(Example which) {
  const auto number = static_cast<std::size_t>(which);
  const std::string page = reference();
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= number; ++i) begin = page.find("```json\n", begin) + 8;
  const auto example =
      core::JsonDocument::parse(page.substr(begin, page.find("```", begin) - begin));
  EXPECT_TRUE(example);
  return example ? names_of(**example) : Names{};
}

}  // namespace earshot::scenario
