#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sqlite3.h>

namespace earshot::core {

/// Looks into, or tampers with, a store's file past the store: the first column of each row.
inline std::vector<std::string> raw_sql(const std::filesystem::path& file, const std::string& sql) {
  std::vector<std::string> out;
  sqlite3* handle = nullptr;
  sqlite3_open(file.c_str(), &handle);
  const auto row = [](void* to, int count, char** values, char**) {
    auto& rows = *static_cast<std::vector<std::string>*>(to);
    rows.emplace_back(count > 0 && values[0] != nullptr ? values[0] : "NULL");
    return 0;
  };
  char* message = nullptr;
  if (sqlite3_exec(handle, sql.c_str(), row, &out, &message) != SQLITE_OK) {
    out.emplace_back(std::string("error: ") + (message == nullptr ? "" : message));
  }
  sqlite3_free(message);
  sqlite3_close(handle);
  return out;
}

}  // namespace earshot::core
