#include <algorithm>

#include <earshot/core/base/file.hpp>
#include <earshot/core/base/text.hpp>

#include "probe.hpp"

namespace earshot::core {
namespace {

constexpr std::uint64_t kLargestCache = std::uint64_t{1} << 20;
/// Far more plugins than a host has; older lines make way.
constexpr std::size_t kMostBytes = std::size_t{64} << 10;

}  // namespace

std::string ProbeCache::read() const {
  if (path_.empty()) return {};
  return read_file(path_, kLargestCache).value_or(std::string());
}

bool ProbeCache::contains(std::string_view digest) const {
  const std::string content = read();
  const std::vector<std::string_view> lines = split(content, '\n');
  return std::find(lines.begin(), lines.end(), digest) != lines.end();
}

void ProbeCache::add(std::string_view digest) const {
  if (path_.empty()) return;
  std::string content = read();
  if (content.size() > kMostBytes) {
    content.erase(0, content.find('\n', content.size() - kMostBytes) + 1);
  }
  (content += digest) += '\n';
  static_cast<void>(write_file(path_, content, 0600));
}

}  // namespace earshot::core
