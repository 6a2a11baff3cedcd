#include "earshot/core/base/version.hpp"

namespace earshot::core {

std::string_view version() noexcept {
  return EARSHOT_VERSION;
}

}  // namespace earshot::core
