#pragma once

/// What the verbs on plugins share.

#include <earshot/core/manifest/manifest.hpp>

#include "verb.hpp"

namespace earshot::host {

/// Where a plugin may send requests, and which secrets it asks to read.
void print_reach(const core::Manifest& manifest);

/// `plugins install`, under `plugins`.
void add_plugins_install(CLI::App& plugins, Verb& chosen);

}  // namespace earshot::host
