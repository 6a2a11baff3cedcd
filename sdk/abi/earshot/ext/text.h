/*
 * Host extension ear.text/1: reading what products write, as the host's mappings read it, for
 * plugins that compute fields themselves. A plugin that uses it lists it under its manifest's
 * `needs`.
 */
#ifndef EARSHOT_EXT_TEXT_H
#define EARSHOT_EXT_TEXT_H

#include <earshot/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EAR_EXT_TEXT "ear.text/1"

typedef struct ear_text {
  uint32_t size;
  uint32_t reserved;
  /* A point in time, in any form that mappings read; EAR_TIME_NONE if the text is none. [any] */
  ear_time (*time)(ear_str text);
  /* HTML as a person reads it, as "format": "html" of a mapping makes it. Lives until the next
   * `html` of this call. [call] */
  ear_str (*html)(ear_call*, ear_str html);
} ear_text;

#ifdef __cplusplus
}
#endif

#endif /* EARSHOT_EXT_TEXT_H */
