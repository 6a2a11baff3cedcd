#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/store/raw_sql.hpp"

namespace earshot::core {

/// Where a store's search index is not what SQLite makes anew of its records.
inline std::vector<std::string> index_differences(const std::filesystem::path& file) {
  return raw_sql(file, R"sql(
    INSERT INTO search (search) VALUES ('integrity-check');
    CREATE VIRTUAL TABLE temp.anew USING fts5(title, content,
                                              tokenize = 'unicode61 remove_diacritics 2');
    INSERT INTO temp.anew (rowid, title, content)
      SELECT id, title, content FROM records WHERE status <> 4;
    CREATE VIRTUAL TABLE temp.anew_words USING fts5vocab(temp, anew, instance);
    CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, search, instance);
    SELECT 'kept: ' || term || ' of ' || doc
      FROM (SELECT * FROM temp.words EXCEPT SELECT * FROM temp.anew_words);
    SELECT 'missing: ' || term || ' of ' || doc
      FROM (SELECT * FROM temp.anew_words EXCEPT SELECT * FROM temp.words);
    SELECT 'size of ' || id FROM (SELECT id, sz FROM search_docsize EXCEPT
                                  SELECT id, sz FROM temp.anew_docsize);
    SELECT 'missing size of ' || id FROM (SELECT id, sz FROM temp.anew_docsize EXCEPT
                                          SELECT id, sz FROM search_docsize);
    SELECT 'averages' FROM search_data s, temp.anew_data a
      WHERE s.id = 1 AND a.id = 1 AND s.block <> a.block AND
            EXISTS (SELECT 1 FROM search_docsize);
  )sql");
}

}  // namespace earshot::core
