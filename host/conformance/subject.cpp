#include "conformance/subject.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <earshot/core/base/text.hpp>

#include "conformance/sample.hpp"

namespace earshot::conformance {

namespace fs = std::filesystem;
using core::Error;
using core::Result;

namespace {

/// What a plugin finds where its cassettes tell no time.
constexpr std::string_view kAnyDay = "2026-03-02T12:00:00Z";

fs::path usual_folder(const fs::path& plugin) {
  fs::path folder = plugin;
  return folder.replace_extension(".cassettes");
}

}  // namespace

Result<Subject> Subject::open(SubjectOptions options) {
  Subject subject;
  EAR_TRY(subject.file_, core::inspect_plugin(options.plugin));
  subject.recorded_at_ = core::parse_time(kAnyDay).value_or(core::Time{});
  const bool named = !options.cassettes.empty();
  const fs::path folder = named ? options.cassettes : usual_folder(options.plugin);
  if (fs::is_directory(folder)) {
    EAR_CHECK(subject.read_cassettes(folder));
  } else if (named) {
    return Error{.code = core::Code::config,
                 .message = fmt::format("{}: there is no such folder", folder.string())};
  }
  EAR_TRY(subject.members_, sample_members(subject.file_.manifest, folder / "config.json"));
  subject.options_ = std::move(options);
  return subject;
}

Result<void> Subject::read_cassettes(const fs::path& folder) {
  std::error_code failure;
  std::optional<core::Time> first;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failure)) {
    if (entry.path().extension() != ".har") continue;
    EAR_TRY(Recording recording, core::load_cassette(entry.path()));
    for (const core::CassetteEntry& one : recording) {
      corpus_ += one.response.body;
      corpus_ += '\n';
      if (one.at) first = std::min(first.value_or(*one.at), *one.at);
    }
    cassettes_.emplace(entry.path().stem().string(), std::move(recording));
  }
  if (first) recorded_at_ = *first;
  return {};
}

Verdict Subject::has(const Needs& needs) const {
  const auto& provides = file_.manifest.provides;
  if (!needs.provides.empty() &&
      std::find(provides.begin(), provides.end(), needs.provides) == provides.end()) {
    return skipped("the manifest does not provide '{}'", needs.provides);
  }
  for (const std::string_view name : core::split(needs.cassettes, ' ')) {
    if (!name.empty() && cassette(std::string(name)).empty())
      return skipped(Untried::no_cassette, "there is no cassette {}.har", name);
  }
  return passed();
}

const Recording& Subject::cassette(const std::string& name) const {
  static const Recording kNothing;
  const auto found = cassettes_.find(name);
  return found == cassettes_.end() ? kNothing : found->second;
}

Result<CaseStore*> Subject::store() const {
  if (store_ == nullptr) {
    EAR_TRY(store_, CaseStore::open(options_.scratch / "store", recorded_at_));
  }
  return store_.get();
}

Result<core::IntegrationSettings> Subject::settings() const {
  core::ConfigReading reading = core::check_integration("conform", file_.manifest, members_);
  if (reading.settings) return std::move(reading.settings->integrations.front());
  std::vector<std::string> issues;
  for (const core::ConfigIssue& issue : reading.issues) issues.push_back(to_string(issue));
  return Error{.code = core::Code::config,
               .message = fmt::format("no configuration could be made up; put one that will do "
                                      "into config.json beside the cassettes: {}",
                                      fmt::join(issues, "; "))};
}

}  // namespace earshot::conformance
