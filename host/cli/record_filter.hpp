#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include <earshot/core/store/store.hpp>

#include "program.hpp"

namespace earshot::host {

/// The filters that `records` and `export` share, as typed.
struct RecordFilter {
  std::string integration, kind, status, category, severity, tier, customer, from, to, created_from,
      created_to, search;
  bool deleted = false;
  std::uint64_t limit = 0;
};

void add_record_filter(CLI::App& verb, RecordFilter& filter);
/// config naming the option and what it takes.
[[nodiscard]] core::Result<core::RecordQuery> to_query(const RecordFilter& filter, core::Time now);

}  // namespace earshot::host
