#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/base/result.hpp>
#include <earshot/core/base/time.hpp>
#include <earshot/core/config/config.hpp>
#include <earshot/core/plugin/loader.hpp>

#include "conformance/case.hpp"
#include "conformance/case_store.hpp"
#include "conformance/recording.hpp"

namespace earshot::conformance {

/// Which plugin is judged, and on what.
struct SubjectOptions {
  std::filesystem::path plugin;
  std::filesystem::path cassettes;  ///< Empty: NAME.cassettes beside NAME.so.
  std::filesystem::path scratch{};  ///< A folder that a case may fill.
  std::uint64_t seed = 1;
};

/// The plugin that is judged: its file, its cassettes, and a configuration it could have.
class Subject {
 public:
  /// The error says why the file will not do at all.
  [[nodiscard]] static core::Result<Subject> open(SubjectOptions options);

  [[nodiscard]] const core::PluginFile& file() const noexcept { return file_; }
  [[nodiscard]] const core::Manifest& manifest() const noexcept { return file_.manifest; }
  /// The store of this case, made when it is first asked for.
  [[nodiscard]] core::Result<CaseStore*> store() const;
  [[nodiscard]] std::uint64_t seed() const noexcept { return options_.seed; }

  /// Passed where there is all that a case begins with; else why it is skipped.
  [[nodiscard]] Verdict has(const Needs& needs) const;
  /// What was recorded under that name; empty where nothing was.
  [[nodiscard]] const Recording& cassette(const std::string& name) const;
  /// The same as it would be with a product that never fails.
  [[nodiscard]] Recording good(const std::string& name) const {
    return without_failures(cassette(name));
  }
  /// Every recorded answer, one after another: what the product may have handed out.
  [[nodiscard]] const std::string& corpus() const noexcept { return corpus_; }
  /// When the cassettes begin.
  [[nodiscard]] core::Time recorded_at() const noexcept { return recorded_at_; }

  /// Members of config and credentials together that the manifest takes; secrets are canaries.
  [[nodiscard]] const std::map<std::string, std::string>& members() const noexcept {
    return members_;
  }
  /// The integration that they make.
  [[nodiscard]] core::Result<core::IntegrationSettings> settings() const;

 private:
  core::Result<void> read_cassettes(const std::filesystem::path& folder);

  SubjectOptions options_;
  core::PluginFile file_;
  std::map<std::string, Recording> cassettes_;
  std::string corpus_;
  core::Time recorded_at_{};
  std::map<std::string, std::string> members_;
  mutable std::unique_ptr<CaseStore> store_;
};

}  // namespace earshot::conformance
