#pragma once

/// The documents that a host holds for a plugin, for tests.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <earshot/abi.h>
#include <earshot/sdk/testing/cassette.hpp>
#include <earshot/sdk/testing/json_tree.hpp>

namespace earshot::sdk::testing {

/// Answers and other documents by id, each parsed once. [one thread at a time]
class Shelf {
 public:
  ear_resp hold(Answer answer) {
    const ear_resp id = ++last_id_;
    std::optional<JsonTree> json = JsonTree::parse(answer.body);
    held_[id] = std::make_unique<Held>(Held{std::move(answer), std::move(json)});
    return id;
  }
  void release(ear_resp id) { held_.erase(id); }
  void clear() { held_.clear(); }

  /// Null where the id is unknown or released.
  [[nodiscard]] const Answer* answer(ear_resp id) const {
    const auto found = held_.find(id);
    return found == held_.end() ? nullptr : &found->second->answer;
  }
  /// Null also where it is no JSON.
  [[nodiscard]] const JsonTree* json(ear_resp id) const {
    const auto found = held_.find(id);
    return found == held_.end() || !found->second->json ? nullptr : &*found->second->json;
  }
  [[nodiscard]] ear_value value(ear_resp id, std::uint32_t node) const {
    const JsonTree* tree = json(id);
    return {id, node, tree == nullptr ? std::uint32_t{EAR_JSON_ABSENT} : (*tree)[node].kind};
  }
  [[nodiscard]] const JsonTree::Node& node(ear_value value) const {
    static const JsonTree::Node kNone;
    const JsonTree* tree = json(value.resp);
    return tree == nullptr ? kNone : (*tree)[value.node];
  }
  /// A header by case-insensitive name, or empty.
  [[nodiscard]] std::string_view header(ear_resp id, std::string_view name) const {
    const Answer* found = answer(id);
    if (found == nullptr) return {};
    for (const auto& [key, text] : found->headers) {
      if (lower(key) == lower(name)) return text;
    }
    return {};
  }

 private:
  struct Held {
    Answer answer;
    std::optional<JsonTree> json;
  };

  static std::string lower(std::string_view text) {
    std::string out(text);
    for (char& one : out) one = one >= 'A' && one <= 'Z' ? static_cast<char>(one + 32) : one;
    return out;
  }

  std::map<ear_resp, std::unique_ptr<Held>> held_;
  ear_resp last_id_ = 0;
};

}  // namespace earshot::sdk::testing
