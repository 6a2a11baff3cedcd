#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/abi.h>
#include <earshot/sdk/json.hpp>

namespace earshot::sdk {

/// What several people said to each other, gathered in any order. The host makes one text of it, in
/// the order of time, each message below who said it:
///
///     thread.add(author, created_at, body, EAR_TEXT_HTML);
///     call.emit(page, "", "conversation", {.fields = {field("content", thread.json(),
///               EAR_TEXT_THREAD)}});
class Thread {
 public:
  /// `at` is a time as the product writes it; `format` is EAR_TEXT_PLAIN or EAR_TEXT_HTML.
  void add(std::string_view by, std::string_view at, std::string_view text, std::uint32_t format) {
    messages_.push_back(json::object({{"by", by},
                                      {"at", at},
                                      {"text", text},
                                      {"format", format == EAR_TEXT_HTML ? "html" : "text"}}));
  }

  [[nodiscard]] std::string json() const { return json::array(messages_).text(); }

 private:
  std::vector<Json> messages_;
};

}  // namespace earshot::sdk
