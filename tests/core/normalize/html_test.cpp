#include <string>

#include <gtest/gtest.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/normalize/html.hpp>

namespace earshot::core {
namespace {

struct Example {
  const char* name;
  const char* html;
  const char* text;
};

void PrintTo(const Example& example, std::ostream* out) {
  *out << example.html;
}

class HtmlToText : public testing::TestWithParam<Example> {};

TEST_P(HtmlToText, ReadsAsAPersonWould) {
  EXPECT_EQ(html_to_text(GetParam().html), GetParam().text);
}

constexpr Example kExamples[] = {
    {"Nothing", "", ""},
    {"PlainText", "a < b & c > d\n\nnext  line", "a < b & c > d\n\nnext  line"},
    {"PlainTextWithReferences", "Tom &amp; Jerry", "Tom & Jerry"},
    {"AddressInAngles", "Jane <jane@example.com> wrote", "Jane <jane@example.com> wrote"},
    {"UrlInAngles", "see <https://example.com/a>, <b>now</b>", "see <https://example.com/a>, now"},
    {"Paragraphs", "<p>One</p><p>Two</p>", "One\n\nTwo"},
    {"LineBreaks", "One<br>Two<br/><br />Three", "One\nTwo\n\nThree"},
    {"Divisions", "<div>One</div><div><div>Two</div></div>", "One\nTwo"},
    {"BlankRuns", "<p>One</p><p>&nbsp;</p><br><br><br><p> </p><p>Two</p>", "One\n\nTwo"},
    {"WhiteSpace", "  One \n two\t<b> three</b>  four ", "One two three four"},
    {"InlineTags", "un<b>believ</b>able", "unbelievable"},
    {"Headings", "<h1>Title</h1>Text", "Title\n\nText"},
    {"List", "<ul><li>One</li><li>Two</li></ul>after", "- One\n- Two\n\nafter"},
    {"ListOfParagraphs", "<ol><li><p>One</p></li><li><p>Two</p></li></ol>", "- One\n- Two"},
    {"NestedList", "<ul><li>One<ul><li>Two</li></ul></li><li>Three</li></ul>",
     "- One\n  - Two\n- Three"},
    {"Link", R"(<a href="https://example.com/a?b=1&amp;c=2">here</a>.)",
     "here (https://example.com/a?b=1&c=2)."},
    {"LinkThatShowsItself", R"(<a href="https://example.com">https://example.com</a>)",
     "https://example.com"},
    {"MailLink", R"(<a href='mailto:me@example.com'>me@example.com</a>)", "me@example.com"},
    {"LinkToNowhere", R"(<a href="#top">top</a> <a href="javascript:x">go</a> <a>bare</a>)",
     "top go bare"},
    {"LinkInList", R"(<ul><li><a href="https://example.com">https://example.com</a></li></ul>)",
     "- https://example.com"},
    {"LinkedImage", R"(<a href=https://example.com/x><img src="cid:1"></a>)",
     "https://example.com/x"},
    {"Image", R"(before <img src="x.png" alt="a cat &amp; a dog"> after)",
     "before a cat & a dog after"},
    {"Quote", "<p>Yes</p><blockquote><p>Do you?</p><p>Really</p></blockquote><p>End</p>",
     "Yes\n\n> Do you?\n\n> Really\n\nEnd"},
    {"NestedQuote", "<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n\n> > b"},
    {"Table",
     "<table><tr><th>Name</th><th>Plan</th></tr><tr><td>Acme</td><td>Pro</td></tr></table>",
     "Name | Plan\nAcme | Pro"},
    {"TableOfBlocks",
     "<table><tr><td><p>Acme</p></td><td><div>Pro</div></td></tr><tr><td>x</td></tr></table>",
     "Acme | Pro\nx"},
    {"EmptyCells", "<table><tr><td>a</td><td></td></tr><tr><td>b</td></tr></table>c",
     "a |\nb\n\nc"},
    {"Preformatted", "<p>Log:</p><pre>line 1\n  line 2\n\n\n\nline 3</pre>",
     "Log:\n\nline 1\n  line 2\n\nline 3"},
    {"Unseen",
     "<head><title>t</title><style>p{}</style></head>a<script>if (a</b/.test(c)) {}</script>"
     "<!-- no --><template>x</template>b",
     "ab"},
    {"Declarations", "<!DOCTYPE html><?xml version=\"1.0\"?><html><body>x</body></html>", "x"},
    {"References", "<i>&eacute;&#233;&#xE9; &lt;b&gt; &hearts; &unknown; &amp;amp; AT&T</i>",
     "ééé <b> ♥ &unknown; &amp; AT&T"},
    {"BadReferences", "<i>&#0; &#xD800; &#x110000; &#99999999999; &#; &#x;</i>",
     "\xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD &#; &#x;"},
    {"QuotedAngles", R"(<a title="a > b" href="https://example.com">x</a>)",
     "x (https://example.com)"},
    {"UpperCase", "<P>One</P><BR><A HREF='https://example.com'>x</A>",
     "One\n\nx (https://example.com)"},
    {"OfficeTags", "<o:p>text</o:p>", "text"},
    {"TagThatNeverEnds", "<p>One</p> two <b three", "One\n\ntwo <b three"},
    {"QuoteThatNeverEnds", "<p title=\"x>One</p> two", "One\n\ntwo"},
    {"CommentThatNeverEnds", "<p>One</p><!-- two", "One\n\n<!-- two"},
    {"StrayEndTags", "</p></ul></blockquote></a>x</td></pre>y", "x\n\ny"},
    {"RightToLeft", "<p>שלום <b>עולם</b></p>", "שלום עולם"},
};

INSTANTIATE_TEST_SUITE_P(Each, HtmlToText, testing::ValuesIn(kExamples),
                         [](const testing::TestParamInfo<Example>& instance) {
                           return std::string(instance.param.name);
                         });

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(HtmlBounds, BearsAnyDepth) {
  EXPECT_EQ(html_to_text(repeated("<div><b>", 20'000) + "x"), "x");
  EXPECT_LT(html_to_text(repeated("<blockquote><ul><li>x", 2'000)).size(), 200'000U);
}

TEST(HtmlBounds, StaysLinearForMarkupThatNeverEnds) {
  for (const char* hostile :
       {"<a ", "<!--", "<a '", "<a \"", "<script>", "<title>", "&", "<!", "</"}) {
    EXPECT_TRUE(is_valid_utf8(html_to_text("<p>" + repeated(hostile, 50'000)))) << hostile;
  }
}

TEST(HtmlBounds, RepairsText) {
  EXPECT_EQ(html_to_text(std::string_view("<p>a\xFF"
                                          "b\0c</p>",
                                          12)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD"
            "c");
}

}  // namespace
}  // namespace earshot::core
