#include "sandbox/truth.hpp"

#include <earshot/core/json/writer.hpp>

namespace earshot::sandbox {
namespace {

constexpr std::size_t kIdsPerTrait = 1'000;

void write_ids(core::JsonWriter& out, std::string_view name, const std::vector<std::string>& ids) {
  out.key(name);
  out.begin_array();
  for (const std::string& id : ids) out.string(id);
  out.end_array();
}

}  // namespace

void Truth::note(std::string_view trait, const std::string& id) {
  std::vector<std::string>& ids = traits_[std::string(trait)];
  if (ids.size() < kIdsPerTrait) ids.push_back(id);
}

void Truth::note_tied(const std::vector<std::string>& tied, std::string_view bulk,
                      std::size_t many) {
  if (tied.size() < 2) return;
  for (const std::string& id : tied) {
    note("time_ties", id);
    if (tied.size() >= many) note(bulk, id);
  }
}

void Truth::note_ties(const ItemOrder& order, std::string_view bulk, std::size_t many) {
  std::vector<std::string> tied;
  std::int64_t second = -1;
  for (const auto& entry : order) {
    if (entry.first.first != second) {
      note_tied(tied, bulk, many);
      tied.clear();
      second = entry.first.first;
    }
    tied.push_back(std::to_string(entry.first.second));
  }
  note_tied(tied, bulk, many);
}

void Truth::add(const std::string& id, const FetchedItem& item) {
  sum_.add(id, item.status, core::rfc3339(core::Time(std::chrono::seconds(item.updated))),
           item.title, item.content);
  ids_.push_back(id);
  if (item.status == "deleted") deleted_.push_back(id);
}

std::string Truth::take() {
  core::JsonWriter out;
  out.begin_object();
  out.member("count", static_cast<std::uint64_t>(ids_.size()));
  write_ids(out, "ids", ids_);
  write_ids(out, "deleted", deleted_);
  out.member("checksum", sum_.finish());
  out.key("traits");
  out.begin_object();
  for (const auto& [name, with] : traits_) write_ids(out, name, with);
  out.end_object();
  out.end_object();
  return out.take();
}

void sort_by_text_id(const ItemOrder& order, std::map<std::string, std::size_t>& into) {
  for (const auto& entry : order) into.emplace(std::to_string(entry.first.second), entry.second);
}

}  // namespace earshot::sandbox
