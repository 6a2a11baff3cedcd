#include <algorithm>
#include <cstring>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/json/writer.hpp>
#include <earshot/sdk/text.hpp>

#include "earshot/core/observe/log.hpp"

namespace earshot::core {
namespace {

constexpr std::string_view kMask = "[secret]";
constexpr std::size_t kShortest = 4;
constexpr std::size_t kShortestInside = 8;
constexpr std::size_t kFilterBits = 1 << 20;

/// The first kShortest bytes of what every form begins with.
std::uint32_t head_of(const char* text) noexcept {
  std::uint32_t head = 0;
  std::memcpy(&head, text, kShortest);
  return head;
}

constexpr std::size_t filter_bit(std::uint32_t head) noexcept {
  return (head * 0x9e3779b1u) >> 12;
}

std::string json_escaped(std::string_view text) {
  JsonWriter out;
  out.string(text);
  const std::string quoted = out.take();
  return quoted.substr(1, quoted.size() - 2);
}

std::string lower_escapes(std::string text) {
  for (std::size_t at = text.find('%'); at != std::string::npos; at = text.find('%', at + 1)) {
    text.replace(at, 3, lower(std::string_view(text).substr(at, 3)));
  }
  return text;
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string url_safe(std::string base64) {
  std::replace(base64.begin(), base64.end(), '+', '-');
  std::replace(base64.begin(), base64.end(), '/', '_');
  return base64;
}

/// The characters that `secret` alone decides when it stands `before` bytes into what is encoded,
/// as in the "user:password" of an Authorization header.
std::string base64_inside(std::string_view secret, std::size_t before) {
  const std::string encoded = base64_encode(std::string(before, '\0').append(secret));
  const std::size_t begin = (before * 8 + 5) / 6;
  const std::size_t end = (before + secret.size()) * 8 / 6;
  return encoded.substr(begin, end - begin);
}

std::set<std::string> forms_of(std::string_view secret) {
  const std::string percent = sdk::percent_encode(secret);
  const std::string hex = hex_encode(secret);
  const std::string base64 = base64_encode(secret);
  std::set<std::string> forms = {
      std::string(secret), percent, lower_escapes(percent), json_escaped(secret), hex,
      upper(hex),          base64,  url_safe(base64)};
  const std::string bare = base64.substr(0, base64.find('='));
  forms.insert({bare, url_safe(bare)});
  for (const std::string& digest : fingerprints(secret)) {
    const std::string shown = base64_encode(digest);
    forms.insert({hex_encode(digest), upper(hex_encode(digest)), shown, url_safe(shown),
                  shown.substr(0, shown.find('=')), url_safe(shown.substr(0, shown.find('=')))});
  }
  for (std::size_t before = 0; before < 3; ++before) {
    const std::string inside = base64_inside(secret, before);
    if (inside.size() >= kShortestInside) forms.insert({inside, url_safe(inside)});
  }
  return forms;
}

}  // namespace

/// The forms are found by their first four bytes: a filter of one bit each tells nearly every place
/// of a text at once that nothing begins there.
class Redactor::Impl {
 public:
  void learn(std::string_view secret) {
    if (secret.size() < kShortest) return;
    const std::unique_lock lock(mutex_);
    if (!known_.insert(sha256(secret)).second) return;
    if (filter_.empty()) filter_.resize(kFilterBits);
    for (const std::string& form : forms_of(secret)) add(form);
  }

  [[nodiscard]] std::string redact(std::string_view text) const {
    const std::shared_lock lock(mutex_);
    std::string out;
    std::size_t copied = 0;
    std::size_t at = 0;
    while (!filter_.empty() && at + kShortest <= text.size()) {
      const std::size_t hidden = match(text.substr(at));
      if (hidden == 0) {
        ++at;
        continue;
      }
      out.append(text, copied, at - copied).append(kMask);
      at += hidden;
      copied = at;
    }
    return out.append(text, copied);
  }

 private:
  void add(const std::string& form) {
    const std::uint32_t head = head_of(form.data());
    filter_[filter_bit(head)] = true;
    std::vector<Secret>& same_head = forms_[head];
    const auto longer = [&](const Secret& other) { return other.reveal().size() > form.size(); };
    same_head.insert(std::find_if_not(same_head.begin(), same_head.end(), longer), Secret(form));
  }

  /// The size of the longest form that `text` begins with; 0 for none. Requires kShortest bytes.
  [[nodiscard]] std::size_t match(std::string_view text) const {
    const std::uint32_t head = head_of(text.data());
    if (!filter_[filter_bit(head)]) return 0;
    const auto found = forms_.find(head);
    if (found == forms_.end()) return 0;
    for (const Secret& form : found->second) {
      if (text.starts_with(form.reveal())) return form.reveal().size();
    }
    return 0;
  }

  mutable std::shared_mutex mutex_;
  std::vector<bool> filter_;
  std::unordered_map<std::uint32_t, std::vector<Secret>> forms_;  // the longest first
  std::set<std::string> known_;                                   // digests of the secrets
};

Redactor::Redactor() : impl_(std::make_unique<Impl>()) {}
Redactor::~Redactor() = default;

void Redactor::learn(const Secret& secret) {
  impl_->learn(secret.reveal());
}
std::string Redactor::redact(std::string_view text) const {
  return impl_->redact(text);
}

}  // namespace earshot::core
