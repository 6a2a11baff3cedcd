#pragma once

/// What the product hands out for going on: a page's token, a link to the next page.

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "conformance/recording.hpp"

namespace earshot::conformance {

/// Parameters of a request and leaves of its JSON body, by name and by pointer.
using Words = std::map<std::string, std::string>;
[[nodiscard]] Words words_of(std::string_view target, const std::string& body);

/// True for a time in any of the forms that products use, or a number that could be one.
[[nodiscard]] bool is_time(const std::string& text);

/// Texts of the answers that later requests carry: positions. Numbers and times are none, nor
/// is what an item of a list has, nor what is shorter than kShortestToken, which may well stand in
/// an answer by chance.
inline constexpr std::size_t kShortestToken = 6;
[[nodiscard]] std::set<std::string> positions_in(const Recording& recording);
/// Where in the answers those texts stand: "/next".
[[nodiscard]] std::set<std::string> places_of_positions(const Recording& recording);
/// The recording of a product whose positions are others: in its answers, also in their links, and
/// in what is asked.
[[nodiscard]] Recording with_positions(Recording recording,
                                       const std::map<std::string, std::string>& others);

/// Every byte as %XX.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace earshot::conformance
