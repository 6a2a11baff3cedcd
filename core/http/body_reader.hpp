#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/asio/buffer.hpp>

#include "parser.hpp"

namespace earshot::core {

/// A body that is read straight into the string where it stays. The string grows just ahead of what
/// arrives, so that a declared length alone costs no memory that is touched.
class BodyReader {
 public:
  /// `declared`: its length, which the caller found acceptable; nothing if it ends with the
  /// connection. No more than `most` bytes.
  BodyReader(std::optional<std::uint64_t> declared, std::uint64_t most);

  /// Takes over what was read behind the head.
  void take(ReadBuffer& buffer);
  /// Room for the next read.
  [[nodiscard]] boost::asio::mutable_buffer prepare();
  void commit(std::size_t size) noexcept { filled_ += size; }

  [[nodiscard]] bool complete() const noexcept { return declared_ && filled_ == *declared_; }
  [[nodiscard]] bool too_large() const noexcept { return filled_ > most_; }
  [[nodiscard]] bool ends_with_connection() const noexcept { return !declared_; }
  [[nodiscard]] std::uint64_t size() const noexcept { return filled_; }
  [[nodiscard]] std::uint64_t declared() const noexcept { return declared_.value_or(0); }
  [[nodiscard]] std::string finish();

 private:
  void grow(std::size_t by);

  std::optional<std::uint64_t> declared_;
  std::uint64_t most_;
  std::string body_;
  std::size_t filled_ = 0;
};

}  // namespace earshot::core
