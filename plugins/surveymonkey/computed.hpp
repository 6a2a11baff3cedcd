#pragma once

/// The fields of a response that no mapping can express.

#include <string>
#include <vector>

#include <earshot/sdk/call.hpp>

#include "survey.hpp"

namespace earshot::plugins {

/// What the plugin works out about a response; empty texts are left to the mapping.
struct Computed {
  std::string content;
  std::string customer_id;
  std::string customer_email;
  std::string customer_name;
  std::string rating;
  std::string rating_max;
  std::string ratings;  ///< JSON: every question that rates.

  /// Borrows the texts.
  [[nodiscard]] std::vector<ear_field> fields() const;
};

[[nodiscard]] Computed compute(sdk::Call& call, const Survey& survey, const sdk::Value& response);

}  // namespace earshot::plugins
