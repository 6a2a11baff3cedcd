#pragma once

#include <string>

namespace earshot::core {

/// Makes \ufffd of every \u escape of a surrogate that has no partner, as cut-off emoji leave them
/// in products' texts: one of them is no reason to refuse a page. Sizes and offsets stay.
void mend_surrogates(std::string& json) noexcept;

}  // namespace earshot::core
