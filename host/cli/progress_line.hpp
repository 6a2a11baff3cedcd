#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <earshot/core/base/time.hpp>

#include "live_area.hpp"
#include "terminal.hpp"

namespace earshot::host {

/// Something that goes on and counts records.
struct Progress {
  std::string name;
  std::uint64_t records = 0;
  std::optional<std::uint64_t> total{};  ///< Where somebody knows.
  core::Micros elapsed{0};
  std::string wait{};  ///< "34 s for quota (account: 400 per 1 min)"; empty: it does not wait.
  std::string end{};   ///< How it ended; empty: it goes on.
};

/// One line each, in columns, none wider than `columns` less one:
///
///     acme       12,400   152/s  ━━━━━━━━━━━━━━──────────────────  41% of 30,000, 2 min left
///     feedback      310    12/s  waiting 34 s for quota (account: 400 per 1 min)
[[nodiscard]] std::vector<ShownLine> progress_lines(const std::vector<Progress>& all,
                                                    std::size_t columns,
                                                    const TerminalTraits& traits);

/// "1,234,567"
[[nodiscard]] std::string grouped(std::uint64_t number);

}  // namespace earshot::host
