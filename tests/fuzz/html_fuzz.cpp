/// Whatever stands in HTML, its text is valid, holds no U+0000 and grows with it in proportion.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <earshot/core/base/text.hpp>
#include <earshot/core/normalize/html.hpp>

namespace {

constexpr std::size_t kMostGrowth = 32;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view html(reinterpret_cast<const char*>(data), size);
  const std::string text = earshot::core::html_to_text(html);
  require(earshot::core::is_valid_utf8(text));
  require(text.find('\0') == std::string::npos);
  require(text.size() <= (html.size() + 1) * kMostGrowth);
  return 0;
}
