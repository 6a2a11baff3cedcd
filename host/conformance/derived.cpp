#include "conformance/derived.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/base/time.hpp>
#include <earshot/core/json/writer.hpp>

namespace earshot::conformance {

using core::CassetteEntry;
using core::JsonValue;

namespace {

/// From here on digits are milliseconds.
constexpr std::int64_t kFirstMillisecond = 100'000'000'000;

std::vector<std::string> items_of(JsonValue list) {
  std::vector<std::string> items;
  for (const JsonValue item : list) items.push_back(item.dump());
  return items;
}

std::string list_of(const std::vector<std::string>& items) {
  return fmt::format("[{}]", fmt::join(items, ","));
}

void write_enriched(core::JsonWriter& out, JsonValue value) {
  if (value.is_array()) {
    out.begin_array();
    for (const JsonValue child : value) write_enriched(out, child);
    out.end_array();
  } else if (value.is_object()) {
    out.begin_object();
    out.member("added_first", true);
    for (const JsonValue child : value) {
      out.key(child.key());
      write_enriched(out, child);
    }
    out.key("added_last");
    out.raw(R"({"id":"added","list":[1,null,{"title":"added"}]})");
    out.end_object();
  } else {
    out.value(value);
  }
}

void add_places(const std::string& pointer, JsonValue value, std::set<std::string>& places) {
  std::size_t index = 0;
  for (const JsonValue child : value) {
    const std::string place =
        pointer + "/" +
        (value.is_object() ? core::pointer_segment(child.key()) : std::to_string(index++));
    places.insert(place_of(place));
    add_places(place, child, places);
  }
}

bool is_flag(core::JsonKind kind) {
  return kind == core::JsonKind::boolean_false || kind == core::JsonKind::boolean_true;
}

bool is_like(JsonValue value, JsonValue other) {
  return value.kind() == other.kind() || (is_flag(value.kind()) && is_flag(other.kind()));
}

std::string an_hour_on(JsonValue time) {
  constexpr std::int64_t kHour = 3600;
  if (const auto digits = core::parse_integer(time.text())) {
    const std::int64_t later = *digits + (*digits < kFirstMillisecond ? kHour : kHour * 1000);
    return time.is_number() ? std::to_string(later) : json_text(std::to_string(later));
  }
  const auto at = core::parse_time(time.text());
  return at ? json_text(core::rfc3339(*at + std::chrono::hours(1))) : time.dump();
}

}  // namespace

Recording with_lists(Recording recording, const ListEdit& edit) {
  return edited(std::move(recording), [&](const std::string& pointer, JsonValue value) {
    return is_item_list(pointer, value) ? edit(value) : std::nullopt;
  });
}

Recording shrunk(Recording recording) {
  return with_lists(std::move(recording), [](JsonValue list) -> std::optional<std::string> {
    if (list.size() < 2) return std::nullopt;
    return list_of({(*list.begin()).dump()});
  });
}

Recording emptied(Recording recording) {
  return with_lists(std::move(recording), [](JsonValue) { return "[]"; });
}

Recording emptied(Recording recording, std::size_t answer) {
  recording[answer] = emptied(Recording{recording[answer]}).front();
  return recording;
}

Recording reversed(Recording recording) {
  return with_lists(std::move(recording), [](JsonValue list) {
    std::vector<std::string> items = items_of(list);
    std::reverse(items.begin(), items.end());
    return list_of(items);
  });
}

Recording overlapping(Recording recording) {
  std::map<std::string, std::string> last;
  for (CassetteEntry& entry : recording) {
    const std::string path = entry.target.substr(0, entry.target.find('?'));
    entry.response.body =
        edited(entry.response.body, [&](const std::string& pointer, JsonValue value) {
          if (!is_item_list(pointer, value) || value.size() == 0)
            return std::optional<std::string>();
          std::vector<std::string> items = items_of(value);
          std::string& before = last[path + pointer];
          const std::string end = items.back();
          if (!before.empty()) items.insert(items.begin(), before);
          before = end;
          return std::optional(list_of(items));
        });
  }
  return recording;
}

Recording enriched(Recording recording) {
  return edited(std::move(recording), [](const std::string& /*pointer*/, JsonValue root) {
    core::JsonWriter out;
    write_enriched(out, root);
    return out.take();
  });
}

std::set<std::string> places_in(const Recording& recording) {
  std::set<std::string> places;
  for (const CassetteEntry& entry : recording) {
    const auto document = core::JsonDocument::parse(entry.response.body);
    if (document) add_places("", (*document)->root(), places);
  }
  return places;
}

std::string place_of(const std::string& pointer) {
  std::string place;
  const std::vector<std::string_view> segments = core::split(pointer, '/');
  for (const std::string_view segment : std::span(segments).subspan(1)) {
    const bool index = segment.find_first_not_of("0123456789") == std::string_view::npos;
    (place += '/') += index ? std::string_view("*") : segment;
  }
  return place;
}

Recording confused(Recording recording, const std::string& place, const std::string& wrong) {
  const auto document = core::JsonDocument::parse(wrong);
  return edited(std::move(recording), [&](const std::string& pointer, JsonValue value) {
    const bool there = !pointer.empty() && place_of(pointer) == place;
    if (!there || (document && is_like(value, (*document)->root())))
      return std::optional<std::string>();
    return std::optional(wrong);
  });
}

Recording replaced(Recording recording, const std::map<std::string, std::string>& texts) {
  return edited(std::move(recording), [&](const std::string& /*pointer*/, JsonValue value) {
    const auto found = texts.find(std::string(value.text()));
    if (!value.is_string() || found == texts.end()) return std::optional<std::string>();
    return std::optional(json_text(found->second));
  });
}

std::string json_text(std::string_view text) {
  core::JsonWriter out;
  out.string(text);
  return out.take();
}

std::string later(JsonValue item, const std::map<std::string, std::string>& changes,
                  const std::set<std::string>& times) {
  return edited(item.dump(), [&](const std::string& pointer, JsonValue value) {
    const auto change = changes.find(pointer);
    if (change != changes.end()) return std::optional(json_text(change->second));
    if (times.contains(pointer)) return std::optional(an_hour_on(value));
    return std::optional<std::string>();
  });
}

}  // namespace earshot::conformance
