#pragma once

#include <map>
#include <string>

#include <earshot/core/base/secret.hpp>

namespace earshot::host {

/// The name of the first secret that JSON text still shows, JSON within its strings included: as it
/// is, percent-encoded, in Base64 or hexadecimal, or as a digest (MD5, SHA-1, SHA-256, SHA-512).
/// "access_token" and its like, where they hold anything but "[secret]". Empty for none.
[[nodiscard]] std::string leaked_secret(const std::string& json,
                                        const std::map<std::string, core::Secret>& secrets);

}  // namespace earshot::host
