/// A cassette is read whole or refused with the place; what is read is a well-formed exchange.

#include <cstdint>
#include <cstdlib>
#include <string>

#include <earshot/core/http/cassette.hpp>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto entries = earshot::core::parse_cassette(text, "fuzz.har");
  if (!entries) {
    require(entries.error().message.starts_with("fuzz.har"));
    return 0;
  }
  for (const earshot::core::CassetteEntry& entry : *entries) {
    require(!entry.method.empty() && entry.target.starts_with('/'));
    require(entry.response.status >= 100 && entry.response.status <= 599);
  }
  return 0;
}
