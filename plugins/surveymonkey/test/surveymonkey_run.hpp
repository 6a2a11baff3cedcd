#pragma once

/// The plugin with a token that does not exist, over its cassettes.

#include <map>
#include <string>
#include <utility>

#include <gmock/gmock.h>

#include "plugin/recorded_run.hpp"

namespace earshot::core {

inline constexpr const char* kSurvey = "318754279";
inline constexpr const char* kNpsSurvey = "318760001";

class SurveyMonkeyRun : public RecordedRun {
 protected:
  SurveyMonkeyRun() : RecordedRun({{"access_token", "invented-token"}}) {}

  void configure(const std::string& name, std::string value) { members[name] = std::move(value); }
  void choose(const std::string& surveys) { configure("surveys", surveys); }

  /// What is stored, by source_id.
  std::map<std::string, Record> stored() {
    std::map<std::string, Record> found;
    for (const StoredRecord& one : records()) found.emplace(one.record.source_id, one.record);
    return found;
  }
};

}  // namespace earshot::core
