#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <earshot/abi.h>
#include <earshot/core/base/result.hpp>
#include <earshot/core/manifest/manifest.hpp>
#include <earshot/core/product/product_client.hpp>

namespace earshot::core {

/// Reads the text at a pointer of a held response; "" where there is none.
using LinkText = std::function<std::string(ear_resp, std::string_view)>;

/// Checks a plugin's request and copies it; `link_text` is for requests that follow a link. misuse
/// says which member is wrong.
[[nodiscard]] Result<ProductRequest> read_request(const ear_request& request,
                                                  const LinkText& link_text,
                                                  const Manifest& manifest);

}  // namespace earshot::core
