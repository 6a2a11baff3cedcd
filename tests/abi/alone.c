/* The headers need nothing before them, in strict C11. */
#include <earshot/abi.h>
#include <earshot/ext/text.h>

ear_rc first_code(void);
ear_rc first_code(void) {
  return EAR_OK;
}
