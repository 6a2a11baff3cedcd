#include "sqlite/tokenizer.hpp"

#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <earshot/core/base/random.hpp>

namespace earshot::core {
namespace {

using ::testing::ElementsAre;

using Word = std::tuple<std::string, int, int>;  ///< With begin and end.

/// `unicode61` of a connection of its own.
class Connection {
 public:
  explicit Connection(bool fast) {
    sqlite3_open(":memory:", &handle_);
    EXPECT_EQ(fast ? speed_up_unicode61(handle_) : SQLITE_OK, SQLITE_OK);
    fts5_api* api = nullptr;
    sqlite3_stmt* ask = nullptr;
    sqlite3_prepare_v2(handle_, "SELECT fts5(?)", -1, &ask, nullptr);
    sqlite3_bind_pointer(ask, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(ask);
    sqlite3_finalize(ask);
    void* context = nullptr;
    EXPECT_EQ(api->xFindTokenizer(api, "unicode61", &context, &methods_), SQLITE_OK);
    const char* options[] = {"remove_diacritics", "2"};
    EXPECT_EQ(methods_.xCreate(context, options, 2, &tokenizer_), SQLITE_OK);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    methods_.xDelete(tokenizer_);
    sqlite3_close(handle_);
  }

  std::vector<Word> words(const std::string& text) {
    std::vector<Word> out;
    EXPECT_EQ(split(text, &out, &keep), SQLITE_OK);
    return out;
  }

  int split(const std::string& text, void* context,
            int (*each)(void*, int, const char*, int, int, int)) {
    // Its end is the end of its memory, so that reading beyond it is seen.
    const std::vector<char> exact(text.begin(), text.end());
    return methods_.xTokenize(tokenizer_, context, FTS5_TOKENIZE_DOCUMENT, exact.data(),
                              static_cast<int>(exact.size()), each);
  }

 private:
  static int keep(void* to, int, const char* word, int size, int begin, int end) {
    static_cast<std::vector<Word>*>(to)->emplace_back(
        std::string(word, static_cast<std::size_t>(size)), begin, end);
    return SQLITE_OK;
  }

  sqlite3* handle_ = nullptr;
  fts5_tokenizer methods_{};
  Fts5Tokenizer* tokenizer_ = nullptr;
};

class Tokenizer : public ::testing::Test {
 protected:
  void expect_same(const std::string& text) {
    EXPECT_EQ(fast_.words(text), slow_.words(text)) << ::testing::PrintToString(text);
  }

  Connection fast_{true};
  Connection slow_{false};
};

TEST_F(Tokenizer, SplitsAtAllButLettersAndDigits) {
  EXPECT_THAT(fast_.words("It's 20% OFF"),
              ElementsAre(Word("it", 0, 2), Word("s", 3, 4), Word("20", 5, 7), Word("off", 9, 12)));
}

TEST_F(Tokenizer, GivesTheWordsOfSqlite) {
  for (const char* text : {"",
                           " ",
                           "a",
                           "Printer",
                           "@AZ[`az{/09:",
                           "Crème brûlée, déjà vu",
                           "İstanbul Straße ÅÉ",
                           "e\u0301cole and \u0301alone",
                           "🎉party🎉 👩‍👩‍👧 x",
                           "“quoted”—dash…end",
                           "don’t",
                           "فاتورة الطابعة ١٢٣",
                           "打印机卡纸 CSV导出",
                           "प्रिंटर ไทย",
                           "a\u00a0b\u200bc\ufeffd",
                           "mixÉd ASCII",
                           "broken \xff\xfe \xc3",
                           "\xc3(",
                           "a\x80\x80z \xe2\x82",
                           "\xf0\x9f\x8e"}) {
    expect_same(text);
  }
  expect_same(std::string("nul\0in\0the middle\0", 18));
}

TEST_F(Tokenizer, GivesThemWhereverABlockEnds) {
  for (std::size_t before = 50; before < 140; ++before) {
    for (const char* word : {"word", "W", "é", "wörd", "0123456789", " "}) {
      expect_same(std::string(before, ' ') + word);
      expect_same(std::string(before, 'A') + word + " end");
      expect_same(std::string(before, 'x') + " " + word);
    }
  }
}

TEST_F(Tokenizer, GivesThemOfAnyBytes) {
  Random random(3);
  const std::string likely = "aZ09 \n.\xc3\xa9\xcc\x81\xf0\x9f\x8e\x89\xe2\x80\x99";
  for (int round = 0; round < 4000; ++round) {
    std::string text;
    for (std::uint64_t left = random.below(200); left > 0; --left) {
      text += random.below(8) == 0 ? static_cast<char>(random.below(256))
                                   : likely[random.below(likely.size())];
    }
    expect_same(text);
    if (HasFailure()) return;
  }
}

TEST_F(Tokenizer, StopsWhenTold) {
  int seen = 0;
  const auto stop = [](void* to, int, const char*, int, int, int) {
    return ++*static_cast<int*>(to) == 2 ? SQLITE_NOMEM : SQLITE_OK;
  };
  EXPECT_EQ(fast_.split("one zwei drei vier", &seen, stop), SQLITE_NOMEM);
  EXPECT_EQ(seen, 2);
  seen = 0;
  EXPECT_EQ(fast_.split("one zwéi drei vier", &seen, stop), SQLITE_NOMEM);
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace earshot::core
