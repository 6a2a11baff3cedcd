#include "exit_code.hpp"

#include <algorithm>
#include <array>

namespace earshot::host {

namespace {

constexpr std::array kByWeight{ExitCode::done,           ExitCode::yielded, ExitCode::failed,
                               ExitCode::authentication, ExitCode::usage,   ExitCode::interrupted};

}  // namespace

ExitCode worse(ExitCode a, ExitCode b) noexcept {
  const auto weight = [](ExitCode code) {
    return std::find(kByWeight.begin(), kByWeight.end(), code);
  };
  return weight(a) < weight(b) ? b : a;
}

ExitCode exit_code(const core::Error& error) noexcept {
  switch (error.code) {
    case core::Code::ok: return ExitCode::done;
    case core::Code::config: return ExitCode::usage;
    case core::Code::auth:
    case core::Code::auth_expired:
    case core::Code::forbidden: return ExitCode::authentication;
    case core::Code::yielded: return ExitCode::yielded;
    case core::Code::cancelled: return ExitCode::interrupted;
    default: return ExitCode::failed;
  }
}

ExitCode exit_code(const core::RunSummary& run) noexcept {
  switch (run.outcome) {
    case core::RunOutcome::completed:
      return run.problems.empty() ? ExitCode::done : ExitCode::failed;
    case core::RunOutcome::yielded: return ExitCode::yielded;
    case core::RunOutcome::cancelled: return ExitCode::interrupted;
    default: break;
  }
  for (const core::Code code :
       {core::Code::auth, core::Code::auth_expired, core::Code::forbidden}) {
    if (run.error_code == to_string(code)) return ExitCode::authentication;
  }
  return run.error_code == to_string(core::Code::config) ? ExitCode::usage : ExitCode::failed;
}

}  // namespace earshot::host
