/* What earshot_add_plugin(... LANGUAGE C) makes of manifest.json: the answers of `manifest`,
 * `source_name` and `required_config` in ear_plugin. */
#ifndef EARSHOT_MANIFEST_H
#define EARSHOT_MANIFEST_H

#include <earshot/abi.h>

extern const ear_str earshot_manifest_text;
extern const ear_str earshot_manifest_name;
extern const ear_str earshot_manifest_required;

#endif
