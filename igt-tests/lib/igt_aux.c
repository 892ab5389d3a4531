// SPDX-License-Identifier: MIT
#include <grp.h>

#include "igt_aux.h"

void igt_drop_root(void)
{
	igt_assert_eq(getuid(), 0);
	igt_assert_eq(setgroups(0, NULL), 0);
	igt_assert_eq(setgid(2), 0);
	igt_assert_eq(setuid(2), 0);
}
