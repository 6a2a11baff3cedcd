#include "earshot/core/json/nul.hpp"

#include <string_view>

namespace earshot::core {
namespace {

constexpr std::string_view kNul = "\\u0000";
constexpr std::string_view kReplacement = "\\ufffd";

}  // namespace

void replace_nul(std::string& json) noexcept {
  for (std::size_t at = json.find('\\'); at != std::string::npos; at = json.find('\\', at)) {
    if (std::string_view(json).substr(at).starts_with(kNul)) {
      kReplacement.copy(json.data() + at, kReplacement.size());
      at += kNul.size();
    } else {
      at += 2;
    }
  }
}

}  // namespace earshot::core
