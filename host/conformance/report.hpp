#pragma once

#include <string>

#include "conformance/judgement.hpp"

namespace earshot::conformance {

/// For people: every case that is not simply kept, with promise, clause and what runs it again;
/// then the count.
[[nodiscard]] std::string text_report(const JudgeOptions& options, const Judgement& judgement);
/// {"plugin","level","cases":[{"id","result","reason","promise",...}]}
[[nodiscard]] std::string json_report(const JudgeOptions& options, const Judgement& judgement);
/// As JUnit's XML, one testcase a case.
[[nodiscard]] std::string junit_report(const JudgeOptions& options, const Judgement& judgement);

}  // namespace earshot::conformance
