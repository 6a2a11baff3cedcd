#pragma once

#include <functional>
#include <string>

#include <earshot/core/base/result.hpp>
#include <earshot/core/json/writer.hpp>
#include <earshot/core/store/store.hpp>

namespace earshot::host {

/// A record in its machine-readable form: the same members for every product, `raw` where it is
/// kept.
void write_record(core::JsonWriter& out, const core::StoredRecord& stored);

/// How records are written out: `begin`, each record, `end`.
struct RecordFormat {
  std::string begin;
  std::function<std::string(const core::StoredRecord&, bool first)> record;
  std::string end;
};

/// ndjson, json or csv; config naming these for anything else. In csv no cell is taken for a
/// formula by a spreadsheet.
[[nodiscard]] core::Result<RecordFormat> record_format(const std::string& name);

}  // namespace earshot::host
