/* SPDX-License-Identifier: MIT */
#ifndef IGT_CORE_H
#define IGT_CORE_H

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define IGT_EXIT_SUCCESS 0
#define IGT_EXIT_SKIP 77
#define IGT_EXIT_INVALID 79
#define IGT_EXIT_FAILURE 98
#define IGT_EXIT_ABORT 112

#define __igt_cat2(x, y) x##y
#define __igt_cat(x, y) __igt_cat2(x, y)
#define igt_unique(prefix) __igt_cat(__igt_unique_##prefix, __LINE__)

extern sigjmp_buf igt_subtest_jmpbuf;
extern sigjmp_buf igt_dynamic_jmpbuf;
extern const char *__igt_test_description;

void igt_subtest_init(int argc, char **argv);
bool __igt_fixture(void);
void __igt_fixture_complete(void);
bool __igt_run_subtest(const char *name, bool container);
bool __igt_run_dynamic_subtest(const char *name);
void __igt_subtest_group_save(int *saved, int *description);
void __igt_subtest_group_restore(int saved, int description);
const char *igt_test_name(void);

void igt_success(void);
void igt_fail(int exitcode) __attribute__((noreturn));
void igt_skip(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));
void igt_exit(void) __attribute__((noreturn));
void __igt_fail_assert(const char *file, int line, const char *func,
		       const char *assertion, const char *format, ...)
	__attribute__((noreturn, format(printf, 5, 6)));
void __igt_skip_check(const char *file, int line, const char *func,
		      const char *check, const char *format, ...)
	__attribute__((noreturn, format(printf, 5, 6)));
void __igt_abort(const char *file, int line, const char *func,
		 const char *expression, const char *format, ...)
	__attribute__((noreturn, format(printf, 5, 6)));

#define IGT_TEST_DESCRIPTION(str)					\
	__attribute__((constructor)) static void __igt_describe_test(void) \
	{								\
		__igt_test_description = str;				\
	}								\
	struct __igt_swallow_semicolon

/* Documentation of a subtest: real IGT prints it, here it is for readers. */
#define igt_describe(text) do { (void)(text); } while (0)
#define igt_describe_f(...) do { if (0) printf(__VA_ARGS__); } while (0)

#define __igt_subtest(name, container)					\
	for (; __igt_run_subtest(name, container) &&			\
	     sigsetjmp(igt_subtest_jmpbuf, 1) == 0; igt_success())

#define __igt_subtest_f(tmp, container, ...)				\
	for (char tmp[256];						\
	     snprintf(tmp, sizeof(tmp), __VA_ARGS__),			\
	     __igt_run_subtest(tmp, container) &&			\
	     sigsetjmp(igt_subtest_jmpbuf, 1) == 0; igt_success())

#define igt_subtest(name) __igt_subtest(name, false)
#define igt_subtest_f(...) __igt_subtest_f(igt_unique(name), false, __VA_ARGS__)
#define igt_subtest_with_dynamic(name) __igt_subtest(name, true)
#define igt_subtest_with_dynamic_f(...) \
	__igt_subtest_f(igt_unique(name), true, __VA_ARGS__)

#define igt_dynamic(name)						\
	for (; __igt_run_dynamic_subtest(name) &&			\
	     sigsetjmp(igt_dynamic_jmpbuf, 1) == 0; igt_success())

#define __igt_dynamic_f(tmp, ...)					\
	for (char tmp[256];						\
	     snprintf(tmp, sizeof(tmp), __VA_ARGS__),			\
	     __igt_run_dynamic_subtest(tmp) &&				\
	     sigsetjmp(igt_dynamic_jmpbuf, 1) == 0; igt_success())
#define igt_dynamic_f(...) __igt_dynamic_f(igt_unique(name), __VA_ARGS__)

#define igt_assert(expr)						\
	do {								\
		if (!(expr))						\
			__igt_fail_assert(__FILE__, __LINE__, __func__,	\
					  #expr, NULL);			\
	} while (0)
#define igt_assert_f(expr, ...)						\
	do {								\
		if (!(expr))						\
			__igt_fail_assert(__FILE__, __LINE__, __func__,	\
					  #expr, __VA_ARGS__);		\
	} while (0)
#define igt_fail_on(expr) igt_assert(!(expr))
#define igt_fail_on_f(expr, ...) igt_assert_f(!(expr), __VA_ARGS__)

#define __igt_assert_cmp(type, format, n1, cmp, ncmp, n2)		\
	do {								\
		type __n1 = (n1), __n2 = (n2);				\
									\
		if (!(__n1 cmp __n2))					\
			__igt_fail_assert(__FILE__, __LINE__, __func__,	\
					  #n1 " " #cmp " " #n2,		\
					  "error: %" format " " #ncmp	\
					  " %" format "\n", __n1, __n2); \
	} while (0)
#define igt_assert_eq(n1, n2) __igt_assert_cmp(int, "d", n1, ==, !=, n2)
#define igt_assert_neq(n1, n2) __igt_assert_cmp(int, "d", n1, !=, ==, n2)
#define igt_assert_lt(n1, n2) __igt_assert_cmp(int, "d", n1, <, >=, n2)
#define igt_assert_lte(n1, n2) __igt_assert_cmp(int, "d", n1, <=, >, n2)
#define igt_assert_eq_u32(n1, n2) \
	__igt_assert_cmp(uint32_t, "#" PRIx32, n1, ==, !=, n2)
#define igt_assert_neq_u32(n1, n2) \
	__igt_assert_cmp(uint32_t, "#" PRIx32, n1, !=, ==, n2)
#define igt_assert_lt_u32(n1, n2) \
	__igt_assert_cmp(uint32_t, "#" PRIx32, n1, <, >=, n2)
#define igt_assert_lte_u32(n1, n2) \
	__igt_assert_cmp(uint32_t, "#" PRIx32, n1, <=, >, n2)
#define igt_assert_eq_s64(n1, n2) \
	__igt_assert_cmp(int64_t, PRId64, n1, ==, !=, n2)
#define igt_assert_lt_s64(n1, n2) \
	__igt_assert_cmp(int64_t, PRId64, n1, <, >=, n2)
#define igt_assert_lte_s64(n1, n2) \
	__igt_assert_cmp(int64_t, PRId64, n1, <=, >, n2)
#define igt_assert_eq_u64(n1, n2) \
	__igt_assert_cmp(uint64_t, "#" PRIx64, n1, ==, !=, n2)
#define igt_assert_neq_u64(n1, n2) \
	__igt_assert_cmp(uint64_t, "#" PRIx64, n1, !=, ==, n2)
#define igt_assert_lt_u64(n1, n2) \
	__igt_assert_cmp(uint64_t, "#" PRIx64, n1, <, >=, n2)
#define igt_assert_lte_u64(n1, n2) \
	__igt_assert_cmp(uint64_t, "#" PRIx64, n1, <=, >, n2)
#define igt_assert_fd(fd) \
	igt_assert_f((fd) >= 0, "file descriptor " #fd " failed\n")

#define igt_require(expr)						\
	do {								\
		if (!(expr))						\
			__igt_skip_check(__FILE__, __LINE__, __func__,	\
					 #expr, NULL);			\
	} while (0)
#define igt_require_f(expr, ...)					\
	do {								\
		if (!(expr))						\
			__igt_skip_check(__FILE__, __LINE__, __func__,	\
					 #expr, __VA_ARGS__);		\
	} while (0)
#define igt_require_fd(fd) \
	igt_require_f((fd) >= 0, "file descriptor " #fd " failed\n")
#define igt_skip_on(expr) igt_require(!(expr))
#define igt_skip_on_f(expr, ...) igt_require_f(!(expr), __VA_ARGS__)
#define igt_abort_on_f(expr, ...)					\
	do {								\
		if (expr)						\
			__igt_abort(__FILE__, __LINE__, __func__,	\
				    #expr, __VA_ARGS__);		\
	} while (0)

enum igt_log_level { IGT_LOG_DEBUG, IGT_LOG_INFO, IGT_LOG_WARN };
void __igt_log(enum igt_log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
#define igt_debug(...) __igt_log(IGT_LOG_DEBUG, __VA_ARGS__)
#define igt_info(...) __igt_log(IGT_LOG_INFO, __VA_ARGS__)
#define igt_warn(...) __igt_log(IGT_LOG_WARN, __VA_ARGS__)

/* Children: a failure in one fails the subtest at igt_waitchildren(). */
bool __igt_fork(void);
void __igt_child_done(void) __attribute__((noreturn));
void igt_waitchildren(void);
#define igt_fork(child, num_children)					\
	for (int child = 0; child < (num_children); child++)		\
		for (; __igt_fork(); __igt_child_done())

struct igt_helper_process {
	bool running;
	bool use_SIGKILL;
	pid_t pid;
};

bool __igt_fork_helper(struct igt_helper_process *proc);
int igt_wait_helper(struct igt_helper_process *proc);
void igt_stop_helper(struct igt_helper_process *proc);
#define igt_fork_helper(proc) \
	for (; __igt_fork_helper(proc); __igt_child_done())

typedef void (*igt_exit_handler_t)(int sig);
void igt_install_exit_handler(igt_exit_handler_t fn);

/* Fail the subtest if it is not reset within so many seconds; 0 resets. */
void igt_set_timeout(unsigned int seconds, const char *op);
void igt_reset_timeout(void);

int igt_gettime(struct timespec *ts);
uint64_t igt_nsec_elapsed(struct timespec *start);
#define igt_seconds_elapsed(start) ((start)->tv_sec, \
	(uint32_t)(igt_nsec_elapsed(start) / 1000000000ULL))
bool __igt_until(struct timespec *start, uint64_t ns);
#define igt_until_timeout(seconds)					\
	for (struct timespec igt_unique(start) = { 0 };			\
	     __igt_until(&igt_unique(start), (seconds) * 1000000000ULL);)

#include "igt_blocks.h"

#endif
