#include <gmock/gmock.h>

#include <earshot/core/normalize/template_text.hpp>

namespace earshot::core {
namespace {

using testing::HasSubstr;

std::string taken_apart(std::string_view text) {
  const Result<std::vector<TemplatePart>> parts = parse_template(text);
  if (!parts) return "error: " + parts.error().message;
  std::string out;
  for (const TemplatePart& part : *parts) {
    out += part.placeholder ? "<" + part.text + ">" : "[" + part.text + "]";
  }
  return out;
}

TEST(Template, IsTakenApart) {
  EXPECT_EQ(taken_apart(""), "");
  EXPECT_EQ(taken_apart("plain"), "[plain]");
  EXPECT_EQ(taken_apart("{a}{/b}"), "<a></b>");
  EXPECT_EQ(taken_apart("https://{a}.example.com/{/id}"), "[https://]<a>[.example.com/]</id>");
}

TEST(Template, WantsBracesInPairs) {
  EXPECT_THAT(taken_apart("{a"), HasSubstr("without a '}'"));
  EXPECT_THAT(taken_apart("{a{b}"), HasSubstr("without a '}'"));
  EXPECT_THAT(taken_apart("a}"), HasSubstr("without a '{'"));
  EXPECT_THAT(taken_apart("{}"), HasSubstr("nothing"));
}

}  // namespace
}  // namespace earshot::core
