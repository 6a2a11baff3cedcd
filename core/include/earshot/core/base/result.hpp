#pragma once

/// The core speaks of success and failure in the SDK's words: one Result, one Error, one list of
/// codes.

#include <earshot/sdk/result.hpp>

namespace earshot::core {

using sdk::Code;
using sdk::Error;
using sdk::Result;

}  // namespace earshot::core
