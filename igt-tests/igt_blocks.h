/* SPDX-License-Identifier: MIT */
/*
 * The blocks that a test consists of, as IGT has them since they are called like
 * functions. For lib/, and for older IGT trees, whose blocks have no parentheses:
 * meson.build includes this in front of each file there.
 */
#ifndef IGT_BLOCKS_H
#define IGT_BLOCKS_H

#include "igt.h"

#undef igt_main
#undef igt_fixture
#undef igt_subtest_group

void __igt_real_main(void);

#define igt_main()							\
	main(int argc, char **argv)					\
	{								\
		igt_subtest_init(argc, argv);				\
		__igt_real_main();					\
		igt_exit();						\
	}								\
	void __igt_real_main(void)

#define igt_fixture()							\
	for (volatile int igt_unique(once) = 0;				\
	     igt_unique(once) < 1 && __igt_fixture() &&			\
	     sigsetjmp(igt_subtest_jmpbuf, 1) == 0;			\
	     igt_unique(once)++, __igt_fixture_complete())

#define igt_subtest_group()						\
	for (int igt_unique(once) = 0, igt_unique(saved) = 0,		\
	     igt_unique(description) = 0;				\
	     igt_unique(once) < 1 &&					\
	     (__igt_subtest_group_save(&igt_unique(saved),		\
				       &igt_unique(description)), 1);	\
	     igt_unique(once)++,					\
	     __igt_subtest_group_restore(igt_unique(saved),		\
					 igt_unique(description)))

#endif
