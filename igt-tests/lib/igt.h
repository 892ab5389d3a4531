/* SPDX-License-Identifier: MIT */
/*
 * The part of IGT's API that RefSoC's tests use, for building them without
 * an IGT tree.  Names, exit codes and output lines are IGT's, so that the
 * same sources are tests/refsoc/ of a real tree.
 */
#ifndef IGT_H
#define IGT_H

#include "drmtest.h"
#include "igt_aux.h"
#include "igt_core.h"
#include "igt_kms.h"
#include "ioctl_wrappers.h"

#endif
