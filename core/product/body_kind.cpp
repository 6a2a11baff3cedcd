#include "body_kind.hpp"

#include <algorithm>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

constexpr std::size_t kLookedAt = 256;

struct Signature {
  std::string_view begins;
  std::string_view kind;
};

/// The first that fits; letters in lower case.
constexpr Signature kSignatures[] = {{"<!doctype html", "an HTML page"},
                                     {"<html", "an HTML page"},
                                     {"<head", "an HTML page"},
                                     {"<body", "an HTML page"},
                                     {"<", "XML"},
                                     {"{", "broken JSON"},
                                     {"[", "broken JSON"},
                                     {"\x1f\x8b", "compressed data"},
                                     {"\x28\xb5\x2f\xfd", "compressed data"}};

bool is_binary(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x7f || (byte < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f');
}

}  // namespace

std::string_view body_kind(std::string_view body) noexcept {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
  body = trim(body).substr(0, kLookedAt);
  for (const Signature& known : kSignatures) {
    if (iequals(body.substr(0, known.begins.size()), known.begins)) return known.kind;
  }
  return std::any_of(body.begin(), body.end(), is_binary) ? "binary data" : "plain text";
}

}  // namespace earshot::core
