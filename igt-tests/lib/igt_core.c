// SPDX-License-Identifier: MIT
/*
 * Running subtests: which run, how each ends, and the exit status of all.
 *
 * However a subtest ends, it leaves by siglongjmp() to the sigsetjmp() in its
 * igt_subtest() loop, which ends the loop.
 */

#include <fnmatch.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>

#include "igt_core.h"

sigjmp_buf igt_subtest_jmpbuf;
sigjmp_buf igt_dynamic_jmpbuf;
const char *__igt_test_description;

/* What a failure in a fixture means for the subtests after it. */
enum henceforth { RUN, SKIP, FAIL };

static struct {
	const char *name;		/* of the program */
	const char *only;		/* --run-subtest */
	const char *only_dynamic;	/* --dynamic-subtest */
	bool list, debug;
	bool in_fixture, in_subtest, in_dynamic, is_child;
	bool container, dynamic_ran, dynamic_failed;
	enum henceforth henceforth;
	char subtest[256], dynamic[256];
	struct timespec started, dynamic_started;
	int exitcode;			/* of the first failure */
	unsigned int succeeded, skipped, failed, matched;
	pid_t *children;
	unsigned int num_children;
	igt_exit_handler_t handlers[8];
	unsigned int num_handlers;
	const char *timeout_op;
} t;

/* Time */

int igt_gettime(struct timespec *ts)
{
	return clock_gettime(CLOCK_MONOTONIC, ts);
}

uint64_t igt_nsec_elapsed(struct timespec *start)
{
	struct timespec now;

	igt_gettime(&now);
	if (!start->tv_sec && !start->tv_nsec) {
		*start = now;
		return 0;
	}
	return (now.tv_sec - start->tv_sec) * 1000000000LL +
	       now.tv_nsec - start->tv_nsec;
}

bool __igt_until(struct timespec *start, uint64_t ns)
{
	return igt_nsec_elapsed(start) < ns;
}

/* Output */

void __igt_log(enum igt_log_level level, const char *format, ...)
{
	va_list args;

	if (level == IGT_LOG_DEBUG && !t.debug)
		return;
	va_start(args, format);
	vfprintf(level == IGT_LOG_WARN ? stderr : stdout, format, args);
	va_end(args);
	fflush(NULL);
}

const char *igt_test_name(void)
{
	return t.name;
}

static void say_result(bool dynamic, const char *result)
{
	struct timespec *from = dynamic ? &t.dynamic_started : &t.started;
	double seconds = igt_nsec_elapsed(from) / 1e9;

	printf("%s %s: %s (%.3fs)\n", dynamic ? "Dynamic subtest" : "Subtest",
	       dynamic ? t.dynamic : t.subtest, result, seconds);
	fflush(stdout);
}

/* The end of a subtest, a dynamic subtest, a fixture */

static void run_exit_handlers(int sig)
{
	while (t.num_handlers)
		t.handlers[--t.num_handlers](sig);
}

void igt_install_exit_handler(igt_exit_handler_t fn)
{
	for (unsigned int i = 0; i < t.num_handlers; i++)
		if (t.handlers[i] == fn)
			return;
	assert(t.num_handlers < sizeof(t.handlers) / sizeof(t.handlers[0]));
	t.handlers[t.num_handlers++] = fn;
}

static void kill_children(void)
{
	for (unsigned int i = 0; i < t.num_children; i++) {
		kill(t.children[i], SIGKILL);
		waitpid(t.children[i], NULL, 0);
	}
	t.num_children = 0;
}

static void leave_dynamic(const char *result) __attribute__((noreturn));
static void leave_dynamic(const char *result)
{
	say_result(true, result);
	t.in_dynamic = false;
	igt_reset_timeout();
	siglongjmp(igt_dynamic_jmpbuf, 1);
}

static void leave_subtest(const char *result) __attribute__((noreturn));
static void leave_subtest(const char *result)
{
	say_result(false, result);
	t.in_subtest = false;
	igt_reset_timeout();
	kill_children();
	siglongjmp(igt_subtest_jmpbuf, 1);
}

static void count_failure(int exitcode)
{
	if (!t.failed++)
		t.exitcode = exitcode;
}

void igt_fail(int exitcode)
{
	if (t.is_child)
		_exit(exitcode);
	if (t.in_dynamic) {
		t.dynamic_failed = true;
		leave_dynamic("FAIL");
	}
	count_failure(exitcode);
	if (t.in_subtest)
		leave_subtest("FAIL");
	if (t.in_fixture) {
		t.in_fixture = false;
		t.henceforth = FAIL;
		siglongjmp(igt_subtest_jmpbuf, 1);
	}
	igt_exit();
}

static void leave_skipped(void) __attribute__((noreturn));
static void leave_skipped(void)
{
	if (t.is_child)
		_exit(IGT_EXIT_SKIP);
	if (t.in_dynamic)
		leave_dynamic("SKIP");
	t.skipped++;
	if (t.in_subtest)
		leave_subtest("SKIP");
	if (t.in_fixture) {
		t.in_fixture = false;
		t.henceforth = SKIP;
		siglongjmp(igt_subtest_jmpbuf, 1);
	}
	igt_exit();
}

void igt_success(void)
{
	if (t.in_dynamic)
		leave_dynamic("SUCCESS");
	if (t.container && t.dynamic_failed)
		igt_fail(IGT_EXIT_FAILURE);
	if (t.container && !t.dynamic_ran)
		igt_skip("No dynamic subtests ran.\n");
	t.succeeded++;
	leave_subtest("SUCCESS");
}

/* The checks */

static void explain(const char *what, const char *kind, const char *expr,
		    const char *file, int line, const char *func,
		    const char *format, va_list args)
{
	int err = errno;

	fflush(stdout);
	fprintf(stderr, "%s in function %s, file %s:%d:\n", what, func, file,
		line);
	fprintf(stderr, "%s: %s\n", kind, expr);
	if (err)
		fprintf(stderr, "Last errno: %d, %s\n", err, strerror(err));
	if (format)
		vfprintf(stderr, format, args);
	fflush(stderr);
}

void __igt_fail_assert(const char *file, int line, const char *func,
		       const char *assertion, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	explain("Test assertion failure", "Failed assertion", assertion, file,
		line, func, format, args);
	va_end(args);
	if (t.in_dynamic)
		fprintf(stderr, "Dynamic subtest %s failed.\n", t.dynamic);
	else if (t.in_subtest)
		fprintf(stderr, "Subtest %s failed.\n", t.subtest);
	igt_fail(IGT_EXIT_FAILURE);
}

void __igt_skip_check(const char *file, int line, const char *func,
		      const char *check, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	explain("Test requirement not met", "Test requirement", check, file,
		line, func, format, args);
	va_end(args);
	leave_skipped();
}

void __igt_abort(const char *file, int line, const char *func,
		 const char *expression, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	explain("Test abort", "Abort condition", expression, file, line, func,
		format, args);
	va_end(args);
	exit(IGT_EXIT_ABORT);
}

void igt_skip(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	leave_skipped();
}

/* What runs */

bool __igt_fixture(void)
{
	if (t.list || t.henceforth != RUN)
		return false;
	t.in_fixture = true;
	errno = 0;
	return true;
}

void __igt_fixture_complete(void)
{
	t.in_fixture = false;
}

void __igt_subtest_group_save(int *saved, int *description)
{
	*saved = t.henceforth;
	*description = 0;	/* of which there is none here */
}

void __igt_subtest_group_restore(int saved, int description)
{
	(void)description;
	t.henceforth = saved;
}

static void start(const char *kind, char *to, size_t size, const char *name,
		  struct timespec *at)
{
	snprintf(to, size, "%s", name);
	printf("Starting %s: %s\n", kind, name);
	fflush(stdout);
	igt_gettime(at);
	errno = 0;
}

/* Names are used in result files and on command lines. */
static void check_name(const char *name)
{
	static const char valid[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

	if (name[strspn(name, valid)] || !name[0]) {
		fprintf(stderr, "Invalid subtest name \"%s\".\n", name);
		exit(IGT_EXIT_INVALID);
	}
}

bool __igt_run_subtest(const char *name, bool container)
{
	check_name(name);
	if (t.only && fnmatch(t.only, name, 0))
		return false;
	t.matched++;
	if (t.list) {
		puts(name);
		return false;
	}
	igt_gettime(&t.started);
	if (t.henceforth != RUN) {
		snprintf(t.subtest, sizeof(t.subtest), "%s", name);
		say_result(false, t.henceforth == SKIP ? "SKIP" : "FAIL");
		if (t.henceforth == SKIP)
			t.skipped++;
		else
			count_failure(IGT_EXIT_FAILURE);
		return false;
	}
	start("subtest", t.subtest, sizeof(t.subtest), name, &t.started);
	t.in_subtest = true;
	t.container = container;
	t.dynamic_ran = t.dynamic_failed = false;
	return true;
}

bool __igt_run_dynamic_subtest(const char *name)
{
	assert(t.container);
	check_name(name);
	if (t.only_dynamic && fnmatch(t.only_dynamic, name, 0))
		return false;
	start("dynamic subtest", t.dynamic, sizeof(t.dynamic), name,
	      &t.dynamic_started);
	t.dynamic_ran = true;
	t.in_dynamic = true;
	return true;
}

void igt_exit(void)
{
	int status;

	if (t.list)
		exit(IGT_EXIT_SUCCESS);
	if (t.only && !t.matched) {
		fprintf(stderr, "Unknown subtest: %s\n", t.only);
		exit(IGT_EXIT_INVALID);
	}
	kill_children();
	run_exit_handlers(0);
	if (t.failed)
		status = t.exitcode;
	else
		status = t.succeeded ? IGT_EXIT_SUCCESS : IGT_EXIT_SKIP;
	exit(status);
}

/* Signals */

static void fatal_signal(int sig)
{
	signal(sig, SIG_DFL);
	if (!t.is_child) {
		fprintf(stderr, "Received signal %s.\n", strsignal(sig));
		if (t.in_dynamic)
			say_result(true, "CRASH");
		if (t.in_subtest)
			say_result(false, "CRASH");
		run_exit_handlers(sig);
	}
	raise(sig);
}

static void alarm_signal(int sig)
{
	(void)sig;
	fprintf(stderr, "Timed out: %s\n", t.timeout_op ? t.timeout_op : "?");
	igt_fail(IGT_EXIT_FAILURE);
}

void igt_set_timeout(unsigned int seconds, const char *op)
{
	struct sigaction act = { .sa_handler = alarm_signal };

	t.timeout_op = op;
	sigaction(SIGALRM, &act, NULL);
	alarm(seconds);
}

void igt_reset_timeout(void)
{
	alarm(0);
}

/* Children */

bool __igt_fork(void)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert(pid >= 0);
	if (!pid) {
		t.is_child = true;
		t.num_children = 0;
		t.num_handlers = 0;
		return true;
	}
	t.children = realloc(t.children,
			     (t.num_children + 1) * sizeof(*t.children));
	assert(t.children);
	t.children[t.num_children++] = pid;
	return false;
}

void __igt_child_done(void)
{
	fflush(NULL);
	_exit(IGT_EXIT_SUCCESS);
}

static int exit_status(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) :
				   128 + WTERMSIG(status);
}

void igt_waitchildren(void)
{
	int status, err = 0;

	for (unsigned int i = 0; i < t.num_children; i++) {
		if (waitpid(t.children[i], &status, 0) < 0)
			status = IGT_EXIT_FAILURE << 8;
		status = exit_status(status);
		if (!status || err)
			continue;
		printf("child %u failed with exit status %d\n", i, status);
		err = status;
	}
	t.num_children = 0;
	if (err)
		igt_fail(err == IGT_EXIT_SKIP ? IGT_EXIT_FAILURE : err);
}

bool __igt_fork_helper(struct igt_helper_process *proc)
{
	assert(!proc->running);
	fflush(NULL);
	proc->pid = fork();
	assert(proc->pid >= 0);
	if (!proc->pid) {
		t.is_child = true;
		t.num_children = 0;
		t.num_handlers = 0;
		return true;
	}
	proc->running = true;
	return false;
}

int igt_wait_helper(struct igt_helper_process *proc)
{
	int status = -1;

	assert(proc->running);
	waitpid(proc->pid, &status, 0);
	proc->running = false;
	return status;
}

void igt_stop_helper(struct igt_helper_process *proc)
{
	if (!proc->running)
		return;
	kill(proc->pid, proc->use_SIGKILL ? SIGKILL : SIGTERM);
	igt_wait_helper(proc);
}

/* Start */

static void usage(FILE *f)
{
	fprintf(f, "Usage: %s [OPTIONS]\n"
		"  --list-subtests\n"
		"  --run-subtest <pattern>\n"
		"  --dynamic-subtest <pattern>\n"
		"  --debug\n"
		"  --help-description\n"
		"  --help\n", t.name);
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "list-subtests", no_argument, NULL, 'l' },
		{ "run-subtest", required_argument, NULL, 'r' },
		{ "dynamic-subtest", required_argument, NULL, 'D' },
		{ "debug", optional_argument, NULL, 'd' },
		{ "help-description", no_argument, NULL, 'H' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (opt) {
		case 'l':
			t.list = true;
			break;
		case 'r':
			t.only = optarg;
			break;
		case 'D':
			t.only_dynamic = optarg;
			break;
		case 'd':
			t.debug = true;
			break;
		case 'H':
			puts(__igt_test_description ?: "");
			exit(IGT_EXIT_SUCCESS);
		default:
			usage(opt == 'h' ? stdout : stderr);
			exit(opt == 'h' ? IGT_EXIT_SUCCESS : IGT_EXIT_INVALID);
		}
	}
}

void igt_subtest_init(int argc, char **argv)
{
	static const int fatal[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT,
				     SIGTERM, SIGINT };

	t.name = strrchr(argv[0], '/');
	t.name = t.name ? t.name + 1 : argv[0];
	parse(argc, argv);
	for (unsigned int i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
		signal(fatal[i], fatal_signal);
}
