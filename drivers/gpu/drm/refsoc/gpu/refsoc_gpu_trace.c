// SPDX-License-Identifier: GPL-2.0-only

#include "refsoc_gpu_drv.h"

#define CREATE_TRACE_POINTS
#include "refsoc_gpu_trace.h"
