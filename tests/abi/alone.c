/* The header needs nothing before it, in strict C11. */
#include <earshot/abi.h>

ear_rc first_code(void);
ear_rc first_code(void) {
  return EAR_OK;
}
