#include "conformance/judgement.hpp"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <thread>

#include <earshot/core/base/text.hpp>

#include "conformance/child.hpp"
#include "conformance/subject.hpp"

namespace earshot::conformance {

namespace fs = std::filesystem;
using core::Error;
using core::Result;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

bool is_bad(Outcome outcome) noexcept {
  return outcome == Outcome::fail || outcome == Outcome::crash || outcome == Outcome::hang;
}

/// True if at least one promise was kept and none was broken.
bool holds(const std::vector<Finding>& findings) {
  const auto bad = [](const Finding& one) { return is_bad(one.verdict.outcome); };
  const auto tried = [](const Finding& one) { return one.verdict.outcome != Outcome::skip; };
  return std::any_of(findings.begin(), findings.end(), tried) &&
         std::none_of(findings.begin(), findings.end(), bad);
}

using Groups = std::initializer_list<std::string_view>;

std::vector<Finding> of_groups(const std::vector<Finding>& findings, Groups groups) {
  std::vector<Finding> those;
  std::copy_if(findings.begin(), findings.end(), std::back_inserter(those),
               [&](const Finding& one) {
                 return std::find(groups.begin(), groups.end(), one.one->group()) != groups.end();
               });
  return those;
}

/// A folder for one case, gone with it.
class Scratch {
 public:
  Scratch() {
    path_ = (fs::temp_directory_path() / "earshot-conform.XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

std::vector<std::string> arguments_for(const JudgeOptions& options, const Case& one,
                                       const std::string& scratch) {
  std::vector<std::string> words{"conform", fs::absolute(options.plugin).string(),
                                 "--child", scratch,
                                 "--case",  std::string(one.id),
                                 "--seed",  std::to_string(options.seed)};
  if (!options.cassettes.empty()) {
    words.emplace_back("--cassettes");
    words.push_back(options.cassettes.string());
  }
  return words;
}

/// Under --strict nothing is left out for want of a recording, and nothing kept badly.
Verdict strictly(Verdict verdict) {
  const bool unrecorded =
      verdict.untried == Untried::no_cassette || verdict.untried == Untried::thin_cassette;
  if (verdict.outcome == Outcome::skip && unrecorded)
    return failed("{}, and --strict leaves nothing out", verdict.seen);
  if (verdict.outcome == Outcome::warn) verdict.outcome = Outcome::fail;
  return verdict;
}

Verdict try_case(const JudgeOptions& options, const Subject& subject, const Case& one) {
  const auto bypassed = options.bypass.find(std::string(one.id));
  if (bypassed != options.bypass.end())
    return skipped(Untried::bypassed, "bypassed: {}", bypassed->second);
  EAR_KEPT(subject.has(one.needs));
  const Scratch scratch;
  if (scratch.path().empty()) return failed("no folder could be made for the case");
  return run_in_child(
      {.program = options.program, .arguments = arguments_for(options, one, scratch.path())});
}

/// A word as a shell takes it.
std::string typed(const std::string& word) {
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("_-./,:+@%").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (std::all_of(word.begin(), word.end(), plain)) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// Calls `work` for every index below `count`, on as many threads as there are processors.
void for_each_at_once(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const std::size_t most = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < std::min(count, most); ++i) {
    threads.emplace_back([&] {
      for (std::size_t index = next++; index < count; index = next++) work(index);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

Result<std::vector<const Case*>> chosen_cases(const JudgeOptions& options) {
  for (const auto& [id, reason] : options.bypass) {
    if (find_case(id) == nullptr) {
      return Error{.code = core::Code::config,
                   .message = fmt::format("--bypass: there is no case '{}'; `earshot conform "
                                          "--list` names them",
                                          id)};
    }
  }
  std::vector<const Case*> chosen;
  for (const Case* one : all_cases()) {
    if (core::glob_match(options.only, one->id)) chosen.push_back(one);
  }
  if (!chosen.empty()) return chosen;
  return Error{.code = core::Code::config,
               .message = fmt::format("--case: no case is like '{}'; `earshot conform --list` "
                                      "names them",
                                      options.only)};
}

}  // namespace

Result<Judgement> judge(const JudgeOptions& options) {
  EAR_TRY(const std::vector<const Case*> cases, chosen_cases(options));
  if (!fs::exists(options.plugin)) {
    return Error{.code = core::Code::config,
                 .message = fmt::format("{}: there is no such file", options.plugin.string())};
  }
  const Clock::time_point start = Clock::now();
  EAR_TRY(const Subject subject,
          Subject::open(
              {.plugin = options.plugin, .cassettes = options.cassettes, .seed = options.seed}));
  Judgement judgement{.plugin = subject.manifest().name, .version = subject.manifest().version};
  judgement.findings.resize(cases.size());
  for_each_at_once(cases.size(), [&](std::size_t index) {
    const Clock::time_point begun = Clock::now();
    Finding& finding = judgement.findings[index];
    finding.one = cases[index];
    finding.verdict = try_case(options, subject, *cases[index]);
    if (options.strict) finding.verdict = strictly(std::move(finding.verdict));
    finding.seconds = seconds_since(begun);
  });
  judgement.seconds = seconds_since(start);
  return judgement;
}

bool Judgement::good() const noexcept {
  return holds(findings);
}

std::string_view Judgement::level() const noexcept {
  const auto hold = [this](Groups groups) { return holds(of_groups(findings, groups)); };
  if (findings.size() < all_cases().size() || !hold({"load", "lifecycle", "config"})) return "none";
  if (!hold({"fetch"}) || !hold({"authenticate", "records", "errors"})) return "loads";
  return good() ? "robust" : "feedback";
}

std::string replay_command(const JudgeOptions& options, const Case& one) {
  std::string command = fmt::format("earshot conform {}", typed(options.plugin.string()));
  if (!options.cassettes.empty())
    command += fmt::format(" --cassettes {}", typed(options.cassettes.string()));
  return command + fmt::format(" --case {} --seed {}", one.id, options.seed);
}

}  // namespace earshot::conformance
