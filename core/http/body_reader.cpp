#include "body_reader.hpp"

#include <algorithm>
#include <utility>

namespace earshot::core {
namespace {

constexpr std::size_t kPiece = 256 * 1024;
constexpr std::size_t kFirstGuess = 64 * 1024;

}  // namespace

BodyReader::BodyReader(std::optional<std::uint64_t> declared, std::uint64_t most)
    : declared_(declared), most_(most) {
  body_.reserve(declared_.value_or(kFirstGuess));
}

void BodyReader::take(ReadBuffer& buffer) {
  const std::size_t size =
      declared_ ? std::min<std::size_t>(buffer.size(), *declared_) : buffer.size();
  body_.assign(static_cast<const char*>(buffer.data().data()), size);
  buffer.consume(size);
  filled_ = size;
}

boost::asio::mutable_buffer BodyReader::prepare() {
  if (filled_ == body_.size()) {
    const std::size_t left = declared_ ? *declared_ - filled_ : kPiece;
    const std::size_t room = body_.capacity() - filled_;
    grow(std::min({left, kPiece, room == 0 ? kPiece : room}));
  }
  return {body_.data() + filled_, body_.size() - filled_};
}

void BodyReader::grow(std::size_t by) {
  body_.resize(body_.size() + by);
}

std::string BodyReader::finish() {
  body_.resize(filled_);
  return std::move(body_);
}

}  // namespace earshot::core
