#pragma once

#include <string>

#include <earshot/core/product/product_client.hpp>

namespace earshot::core {

/// What makes a request an authorized one.
struct Authorization {
  enum class Place { nowhere, header, query };
  Place place = Place::nowhere;
  std::string name;
  Secret value;
};

/// Of an alternative that needs no token from elsewhere. The redactor learns what is built.
[[nodiscard]] Result<Authorization> make_authorization(const AuthAlternative& alternative,
                                                       const ProductAccount& account,
                                                       Redactor& redactor);
[[nodiscard]] Authorization bearer(const Secret& token);

void authorize(HttpRequest& request, const Authorization& authorization);

/// Tells the redactor every credential, and what is secret within those that are JSON.
void learn_credentials(const ProductAccount& account, Redactor& redactor);

}  // namespace earshot::core
