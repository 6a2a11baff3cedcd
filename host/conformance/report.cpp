#include "conformance/report.hpp"

#include <array>
#include <utility>

#include <earshot/core/json/writer.hpp>

namespace earshot::conformance {

namespace {

constexpr std::array kOutcomes{Outcome::pass,  Outcome::warn, Outcome::fail,
                               Outcome::crash, Outcome::hang, Outcome::skip};

std::size_t count_of(const Judgement& judgement, Outcome outcome) {
  std::size_t count = 0;
  for (const Finding& finding : judgement.findings) {
    if (finding.verdict.outcome == outcome) ++count;
  }
  return count;
}

std::string counts_of(const Judgement& judgement) {
  std::string text = fmt::format("{} cases", judgement.findings.size());
  for (const Outcome outcome : kOutcomes) {
    const std::size_t count = count_of(judgement, outcome);
    if (count != 0) text += fmt::format(", {} {}", count, to_string(outcome));
  }
  return text;
}

std::string finding_text(const JudgeOptions& options, const Finding& finding) {
  const Case& one = *finding.one;
  const Verdict& verdict = finding.verdict;
  std::string text = fmt::format("{:<6}{}", to_string(verdict.outcome), one.id);
  if (verdict.outcome == Outcome::skip) return text + fmt::format(": {}\n", verdict.seen);
  return text + fmt::format(
                    "\n      promise  {}\n      seen     {}\n      clause   {} of "
                    "docs/reference/contract.md\n      again    {}\n",
                    one.promise, verdict.seen, one.clause, replay_command(options, one));
}

/// Text as XML holds it; what XML cannot hold becomes '?'.
std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

/// What stands inside a testcase: nothing, or one element.
std::string junit_element(const JudgeOptions& options, const Finding& finding) {
  const Outcome outcome = finding.verdict.outcome;
  const std::string seen = xml(finding.verdict.seen);
  const std::string again = xml(replay_command(options, *finding.one));
  switch (outcome) {
    case Outcome::pass: return "";
    case Outcome::warn: return fmt::format("<system-out>{}</system-out>", seen);
    case Outcome::skip: return fmt::format("<skipped message=\"{}\"/>", seen);
    case Outcome::fail:
      return fmt::format("<failure message=\"{}\">{}\n{}</failure>", seen,
                         xml(finding.one->promise), again);
    case Outcome::crash:
    case Outcome::hang:
      return fmt::format("<error type=\"{}\" message=\"{}\">{}\n{}</error>", to_string(outcome),
                         seen, xml(finding.one->promise), again);
  }
  return "";
}

}  // namespace

std::string text_report(const JudgeOptions& options, const Judgement& judgement) {
  std::string text;
  for (const Finding& finding : judgement.findings) {
    if (finding.verdict.outcome != Outcome::pass) text += finding_text(options, finding);
  }
  return text + fmt::format("{} {}: {} in {:.1f} s; level: {}\n", judgement.plugin,
                            judgement.version, counts_of(judgement), judgement.seconds,
                            judgement.level());
}

std::string json_report(const JudgeOptions& options, const Judgement& judgement) {
  core::JsonWriter out;
  out.begin_object();
  out.member("plugin", judgement.plugin);
  out.member("version", judgement.version);
  out.member("level", std::string(judgement.level()));
  out.member("seed", options.seed);
  out.key("cases");
  out.begin_array();
  for (const Finding& finding : judgement.findings) {
    out.begin_object();
    out.member("id", finding.one->id);
    out.member("result", to_string(finding.verdict.outcome));
    out.member("reason", finding.verdict.seen);
    out.member("promise", finding.one->promise);
    out.member("clause", finding.one->clause);
    out.member("seconds", finding.seconds);
    out.member("replay", replay_command(options, *finding.one));
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return out.take();
}

std::string junit_report(const JudgeOptions& options, const Judgement& judgement) {
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"earshot conform {}\" "
      "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{:.3f}\">\n",
      xml(judgement.plugin), judgement.findings.size(), count_of(judgement, Outcome::fail),
      count_of(judgement, Outcome::crash) + count_of(judgement, Outcome::hang),
      count_of(judgement, Outcome::skip), judgement.seconds);
  for (const Finding& finding : judgement.findings) {
    text += fmt::format("  <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\">{}</testcase>\n",
                        xml(judgement.plugin), finding.one->id, finding.seconds,
                        junit_element(options, finding));
  }
  return text + "</testsuite>\n";
}

}  // namespace earshot::conformance
