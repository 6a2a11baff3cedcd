#pragma once

#include <string_view>
#include <vector>

#include <earshot/core/json/schema.hpp>

#include "mapping_plan.hpp"

namespace earshot::core {

/// Compiles `spec` and `override`, both copied, into `plan`. Mistakes go to `issues`.
void compile_mapping(std::string_view name, JsonValue spec, JsonValue override, MappingPlan& plan,
                     std::vector<SchemaIssue>& issues);

}  // namespace earshot::core
