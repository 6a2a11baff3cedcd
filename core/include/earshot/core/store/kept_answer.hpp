#pragma once

#include <cstdint>
#include <string>

#include <earshot/core/base/time.hpp>

namespace earshot::core {

/// An answer of a product that need not be asked for again for a while.
struct KeptAnswer {
  std::string body{};           ///< JSON.
  std::string etag{};           ///< As the product sent it, or empty.
  std::string last_modified{};  ///< As the product sent it, or empty.
  Time checked{};               ///< When the product last said that this is what it has.
};

/// What is kept of one integration at most; the oldest goes first.
struct AnswerBounds {
  std::uint64_t entries = 20'000;
  std::uint64_t bytes = 64ULL << 20;  ///< As they rest, compressed.
};

}  // namespace earshot::core
