/// A time that is read is of the years 1970 to 9999 and reads the same once written.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <earshot/core/base/time.hpp>

namespace {

using earshot::core::Time;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto time = earshot::core::parse_time(text)) {
    require(earshot::core::parse_time(earshot::core::rfc3339(*time)) == time);
  }
  if (const auto time = earshot::core::parse_http_date(text)) {
    require(earshot::core::parse_http_date(earshot::core::http_date(*time)) == time);
  }
  if (const auto duration = earshot::core::parse_duration(text)) {
    require(duration->count() >= 0 && !earshot::core::human_duration(*duration).empty());
  }
  const auto option =
      earshot::core::parse_time_option(text, Time(earshot::core::Micros(1'800'000'000'000'000)));
  require(option.has_value() || !option.error().message.empty());
  return 0;
}
