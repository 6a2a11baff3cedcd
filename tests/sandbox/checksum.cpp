#include "sandbox/checksum.hpp"

#include <map>
#include <tuple>

#include <fmt/format.h>
#include <openssl/evp.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/document.hpp>

namespace earshot::sandbox {
namespace {

constexpr std::string_view kSeparator = "\x1f";

struct Item {
  std::string status;
  std::string updated_at;
  std::string title;
  std::string content;
};

core::Result<std::pair<std::string, Item>> parse_line(std::string_view line, std::size_t number) {
  auto parsed = core::JsonDocument::parse(std::string(line));
  if (!parsed) {
    return core::Error{.code = core::Code::bad_data,
                       .message = fmt::format("line {}: {}", number, parsed.error().message)};
  }
  const core::JsonValue root = parsed.value()->root();
  for (const std::string_view name : {"source_id", "status", "updated_at", "title", "content"}) {
    if (root.member(name).is_string()) continue;
    return core::Error{.code = core::Code::bad_data,
                       .message = fmt::format("line {}: no text under '{}'", number, name)};
  }
  const auto text = [&](std::string_view name) { return std::string(root.member(name).text()); };
  return std::pair(text("source_id"),
                   Item{text("status"), text("updated_at"), text("title"), text("content")});
}

}  // namespace

class Checksum::State {
 public:
  State() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void update(std::string_view bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
  }
  std::string finish() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    EVP_DigestFinal_ex(context_.get(), digest, &size);
    return core::hex_encode({reinterpret_cast<const char*>(digest), size});
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

Checksum::Checksum() : state_(std::make_unique<State>()) {}
Checksum::~Checksum() = default;

void Checksum::add(std::string_view id, std::string_view status, std::string_view updated_at,
                   std::string_view title, std::string_view content) {
  for (const std::string_view member : {id, status, updated_at, title}) {
    state_->update(member);
    state_->update(kSeparator);
  }
  state_->update(content);
  state_->update("\n");
}

std::string Checksum::finish() {
  return state_->finish();
}

core::Result<std::string> checksum_of_export(std::string_view ndjson) {
  std::map<std::string, Item> items;
  std::size_t number = 0;
  for (const std::string_view line : core::split(ndjson, '\n')) {
    ++number;
    if (core::trim(line).empty()) continue;
    EAR_TRY(auto item, parse_line(line, number));
    items.insert(std::move(item));
  }
  Checksum sum;
  for (const auto& [id, item] : items) {
    sum.add(id, item.status, item.updated_at, item.title, item.content);
  }
  return sum.finish();
}

}  // namespace earshot::sandbox
