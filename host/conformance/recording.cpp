#include "conformance/recording.hpp"

#include <algorithm>
#include <utility>

#include <earshot/core/json/writer.hpp>

namespace earshot::conformance {

using core::CassetteEntry;
using core::JsonValue;

namespace {

bool asks_the_same(const CassetteEntry& a, const CassetteEntry& b) {
  return a.method == b.method && a.target == b.target && a.request_body == b.request_body;
}

bool is_answered_later(const Recording& recording, std::size_t index) {
  return std::any_of(recording.begin() + static_cast<std::ptrdiff_t>(index) + 1, recording.end(),
                     [&](const CassetteEntry& later) {
                       return asks_the_same(later, recording[index]) &&
                              later.response.status / 100 == 2;
                     });
}

void write(core::JsonWriter& out, const std::string& pointer, JsonValue value, const Edit& edit);

void write_children(core::JsonWriter& out, const std::string& pointer, JsonValue value,
                    const Edit& edit) {
  std::size_t index = 0;
  for (const JsonValue child : value) {
    const std::string segment =
        value.is_object() ? core::pointer_segment(child.key()) : std::to_string(index++);
    const std::string place = pointer + "/" + segment;
    const std::optional<std::string> wanted = edit(place, child);
    if (wanted && wanted->empty()) continue;
    if (value.is_object()) out.key(child.key());
    if (wanted) {
      out.raw(*wanted);
    } else {
      write(out, place, child, edit);
    }
  }
}

void write(core::JsonWriter& out, const std::string& pointer, JsonValue value, const Edit& edit) {
  if (value.is_object()) {
    out.begin_object();
    write_children(out, pointer, value, edit);
    out.end_object();
  } else if (value.is_array()) {
    out.begin_array();
    write_children(out, pointer, value, edit);
    out.end_array();
  } else {
    out.value(value);
  }
}

}  // namespace

Recording without_failures(Recording recording) {
  Recording kept;
  for (std::size_t i = 0; i < recording.size(); ++i) {
    const bool failure = recording[i].response.status / 100 != 2;
    if (!failure || !is_answered_later(recording, i)) kept.push_back(recording[i]);
  }
  return kept;
}

std::string edited(const std::string& json, const Edit& edit) {
  const auto document = core::JsonDocument::parse(json);
  if (!document) return json;
  const JsonValue root = (*document)->root();
  if (const std::optional<std::string> wanted = edit("", root)) return *wanted;
  core::JsonWriter out;
  write(out, "", root, edit);
  return out.take();
}

Recording edited(Recording recording, const Edit& edit) {
  for (CassetteEntry& one : recording) {
    if (one.response.status / 100 == 2) one.response.body = edited(one.response.body, edit);
  }
  return recording;
}

bool is_item_list(const std::string& pointer, JsonValue value) {
  if (!value.is_array() || pointer.empty() || pointer.find('/', 1) != std::string::npos)
    return false;
  for (const JsonValue item : value) {
    if (!item.is_object()) return false;
  }
  return true;
}

}  // namespace earshot::conformance
