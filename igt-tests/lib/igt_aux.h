/* SPDX-License-Identifier: MIT */
#ifndef IGT_AUX_H
#define IGT_AUX_H

#include "igt_core.h"

/* Drop root for good: uid and gid become nobody's. */
void igt_drop_root(void);

#endif
