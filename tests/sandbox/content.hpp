#pragma once

/// What customers write, made up from a seed: ordinary prose, and the texts that break programs.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <earshot/core/base/random.hpp>

namespace earshot::sandbox {

/// Texts that real customers send and careless programs mangle.
enum class Oddity : std::uint8_t {
  none,
  html,             ///< tags, entities, a script
  emoji,            ///< families, flags, skin tones
  right_to_left,    ///< Arabic and Hebrew with direction marks
  east_asian,       ///< Han, Kana and Hangul, characters beyond the basic plane
  long_text,        ///< 64 KiB
  nested_quotes,    ///< replies in replies in replies
  long_thread,      ///< a whole correspondence
  line_separators,  ///< U+2028, U+2029, U+0085, no-break and zero-width spaces
  combining_marks,  ///< decomposed letters, stacks of diacritics
  long_word,        ///< thousands of letters without a space
  escapes,          ///< quotes, backslashes, control characters, JSON within JSON
  formula,          ///< what a spreadsheet would execute
  whitespace,       ///< blank ends, tabs, CR LF
};

[[nodiscard]] std::string subject(core::Random& random);
/// Prose of about `size` bytes, with a greeting and a name below.
[[nodiscard]] std::string message(core::Random& random, std::size_t size);

/// A subject and a message of that oddity.
[[nodiscard]] std::string odd_subject(Oddity oddity, core::Random& random);
[[nodiscard]] std::string odd_message(Oddity oddity, core::Random& random);

struct Person {
  std::string name;
  std::string email;
};
/// Somebody who does not exist, at an address that nobody has; `number` keeps addresses apart.
[[nodiscard]] Person person(core::Random& random, std::uint64_t number);

}  // namespace earshot::sandbox
