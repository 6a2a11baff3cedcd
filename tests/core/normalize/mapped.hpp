#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <earshot/core/normalize/mapping.hpp>

namespace earshot::core {

inline void PrintTo(const SchemaIssue& issue, std::ostream* out) {
  *out << issue.path << ": " << issue.message;
}

inline std::unique_ptr<JsonDocument> parsed(std::string_view text) {
  auto document = JsonDocument::parse(std::string(text));
  EXPECT_TRUE(document.has_value()) << text;
  return document ? std::move(document).value() : nullptr;
}

/// Compiles a mapping without mistakes. An empty override is none.
inline std::unique_ptr<Mapping> compiled(std::string_view spec, std::string_view override = {},
                                         std::string_view name = "ticket") {
  const auto spec_document = parsed(spec);
  const auto override_document = override.empty() ? nullptr : parsed(override);
  std::vector<SchemaIssue> issues;
  auto mapping =
      Mapping::compile(name, spec_document->root(),
                       override_document ? override_document->root() : JsonValue(), issues);
  for (const SchemaIssue& issue : issues) ADD_FAILURE() << issue.path << ": " << issue.message;
  return mapping;
}

/// What a mapping is tried on; documents live as long as it does.
struct Sample {
  std::string item = R"({"id":1,"created_at":"2026-03-01T00:00:00Z"})";
  std::string page = "{}";
  std::string config = "{}";
  std::vector<ComputedField> computed{};
  bool tombstone = false;
};

inline Mapped apply(const Mapping& mapping, const Sample& sample) {
  const auto item = sample.item.empty() ? nullptr : parsed(sample.item);
  const auto page = parsed(sample.page);
  const auto config = parsed(sample.config);
  Mapping::Session session(mapping);
  return session.apply({.item = item ? item->root() : JsonValue(),
                        .refs = {{"page", page->root()}},
                        .computed = sample.computed,
                        .config = config->root(),
                        .tombstone = sample.tombstone});
}

/// The record that `fields` (members of the mapping) make of a sample which they map.
inline Record record_of(const std::string& fields, const Sample& sample = {},
                        std::string_view override = {}) {
  const auto mapping =
      compiled(R"({"source_id":"/id","created_at":"/created_at",)" + fields + "}", override);
  if (mapping == nullptr) return {};
  const Mapped mapped = apply(*mapping, sample);
  EXPECT_EQ(mapped.rejected, "");
  return mapped.record.value_or(Record{});
}

/// An item with an id, a time and `members`.
inline std::string item_with(const std::string& members) {
  return R"({"id":1,"created_at":"2026-03-01T00:00:00Z",)" + members + "}";
}

}  // namespace earshot::core
