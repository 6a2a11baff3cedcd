#include "interpolate.hpp"

#include <gmock/gmock.h>

namespace earshot::core {
namespace {

std::optional<std::string> environment(const std::string& name) {
  if (name == "HOST") return "desk.example.com";
  if (name == "EMPTY") return "";
  if (name == "NESTED") return "${HOST}";
  return std::nullopt;
}

TEST(Interpolate, FillsInWhatTheEnvironmentHas) {
  struct Case {
    std::string text;
    std::string filled;
    bool from_environment;
  };
  const std::vector<Case> cases{
      {"plain", "plain", false},
      {"", "", false},
      {"${HOST}", "desk.example.com", true},
      {"https://${HOST}/${HOST}", "https://desk.example.com/desk.example.com", true},
      {"${UNSET:-other}", "other", false},
      {"${EMPTY:-other}", "other", false},
      {"${UNSET:-}", "", true},
      {"${HOST:-other}", "desk.example.com", false},
      {"${UNSET:-other}${HOST}", "otherdesk.example.com", false},
      {"$${HOST}", "${HOST}", false},
      {"a$${b}${HOST}", "a${b}desk.example.com", true},
      {"$5 and $HOST", "$5 and $HOST", false},
      {"${NESTED}", "${HOST}", true},
  };
  for (const Case& one : cases) {
    const Result<Interpolated> filled = interpolate(one.text, environment);
    ASSERT_TRUE(filled.has_value()) << one.text;
    EXPECT_EQ(filled->text, one.filled) << one.text;
    EXPECT_EQ(filled->from_environment, one.from_environment) << one.text;
  }
}

TEST(Interpolate, SaysWhatCannotBeFilledIn) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"${UNSET}",
       "environment variable UNSET is not set; set it, or give a default as ${UNSET:-...}"},
      {"${EMPTY}",
       "environment variable EMPTY is not set; set it, or give a default as ${EMPTY:-...}"},
      {"${HOST", "'${' is not closed; write $${ for a literal one"},
      {"${}", "'${}' does not name a variable"},
      {"${A B}", "'${A B}' does not name a variable"},
      {"${1A}", "'${1A}' does not name a variable"},
  };
  for (const auto& [text, message] : cases) {
    const Result<Interpolated> filled = interpolate(text, environment);
    ASSERT_FALSE(filled.has_value()) << text;
    EXPECT_EQ(filled.error().message, message);
  }
}

}  // namespace
}  // namespace earshot::core
