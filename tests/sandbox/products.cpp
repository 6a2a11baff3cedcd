#include "sandbox/product.hpp"

/// One line a product: folder NAME defines make_NAME.
#define EARSHOT_SANDBOX_PRODUCTS(PRODUCT) PRODUCT(zendesk) PRODUCT(intercom) PRODUCT(surveymonkey)

namespace earshot::sandbox {

#define EARSHOT_DECLARE(name)                                              \
  std::unique_ptr<SimulatedProduct> make_##name(const ProductSetup& setup, \
                                                const core::Clock& clock);
EARSHOT_SANDBOX_PRODUCTS(EARSHOT_DECLARE)
#undef EARSHOT_DECLARE

const std::vector<ProductEntry>& products() {
#define EARSHOT_ENTRY(name) ProductEntry{#name, make_##name},
  static const std::vector<ProductEntry> entries = {EARSHOT_SANDBOX_PRODUCTS(EARSHOT_ENTRY)};
#undef EARSHOT_ENTRY
  return entries;
}

}  // namespace earshot::sandbox
