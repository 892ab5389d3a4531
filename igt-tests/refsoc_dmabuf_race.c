// SPDX-License-Identifier: MIT
/*
 * Buffers that move while others attach, map, draw, look and leave, and fences
 * that user space holds back for as long as it likes.
 */

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

#include "igt.h"
#include "sw_sync.h"

#include "dmabuf_uapi.h"
#include "moving.h"
#include "sharing.h"

IGT_TEST_DESCRIPTION("Moving dma-bufs against everything else");

#define SEED		0x5eed0300
#define ROUNDS		25

static const struct share_exporter *from;
static const struct share_importer *gpu, *display, *contig, *vgem;
static size_t page;

/* Scattered memory that has to move as soon as anybody uses it again. */
static void about_to_move(struct share_buffer *buf, struct share_import *import)
{
	moving_scattered(from, SEED, buf);
	moving_hold(buf);
	assert_at_once(share_attach(display, buf, import) == 0);
}

/* Somebody who looks at the buffer, and exits with 0 if it is what it was. */
static pid_t look(const struct share_buffer *buf)
{
	uint32_t *map;
	pid_t pid = fork();

	igt_assert(pid >= 0);
	if (pid)
		return pid;
	/* Not IGT's handlers: they would end this as the test. */
	signal(SIGTERM, SIG_DFL);
	map = mmap(NULL, buf->size, PROT_READ, MAP_SHARED, buf->fd, 0);
	if (map == MAP_FAILED)
		_exit(2);
	for (size_t i = 0; i < buf->size / 4; i++)
		if (map[i] != share_word(SEED, i))
			_exit(1);
	_exit(0);
}

static bool read_all(const char *path)
{
	int fd = open(path, O_RDONLY);
	char data[4096];
	ssize_t n;

	if (fd < 0)
		return false;
	do {
		n = read(fd, data, sizeof(data));
	} while (n > 0);
	close(fd);
	return n == 0;
}

/* Another buffer, through all its life */
static bool share_another(void)
{
	struct share_import import;
	struct share_buffer buf;
	bool ok;

	if (share_alloc(from, SHARE_BYTES, &buf) || share_fill(&buf, SEED))
		return false;
	ok = !share_attach(vgem, &buf, &import);
	if (ok)
		share_release(&import);
	share_free(&buf);
	return ok;
}

static void mover_holds_up_nobody(void)
{
	struct dma_buf_query query;
	struct share_import import;
	struct share_buffer buf;
	int status;
	pid_t pid;

	about_to_move(&buf, &import);
	pid = look(&buf);
	usleep(300000);
	igt_assert_eq(waitpid(pid, &status, WNOHANG), 0);

	for (int i = 0; i < 5; i++) {
		assert_at_once(share_query(buf.fd, &query) == 0);
		assert_at_once(read_all("/proc/self/fdinfo/0"));
		assert_at_once(read_all("/sys/kernel/debug/dma_buf/bufinfo"));
		assert_at_once(share_another());
		usleep(30000);
	}
	igt_assert_eq(waitpid(pid, &status, WNOHANG), 0);
	igt_assert(!moving_contiguous(&buf));

	moving_let_go();
	igt_assert_eq(waitpid(pid, &status, 0), pid);
	igt_assert_eq(status, 0);
	igt_assert(moving_contiguous(&buf));
	igt_assert_eq(share_use(&import, SEED), 0);
	share_release(&import);
	share_free(&buf);
}

/* The same with a file that is open already, and a buffer of that device */
static bool share_another_by(int file)
{
	uint32_t handle, stride;
	struct share_buffer buf;
	uint64_t bytes;
	int fd = -1;
	bool ok;

	if (share_alloc(from, SHARE_BYTES, &buf))
		return false;
	ok = !drmPrimeFDToHandle(file, buf.fd, &handle) &&
	     !drmCloseBufferHandle(file, handle) &&
	     !drmModeCreateDumbBuffer(file, 64, 64, 32, 0, &handle, &stride,
				      &bytes) &&
	     !drmPrimeHandleToFD(file, handle, DRM_CLOEXEC, &fd) &&
	     !drmModeDestroyDumbBuffer(file, handle);
	close(fd);
	share_free(&buf);
	return ok;
}

static pid_t share_others(int file)
{
	pid_t pid = fork();

	igt_assert(pid >= 0);
	if (pid)
		return pid;
	for (int i = 0; i < 5; i++)
		if (!share_another() || !share_another_by(file))
			_exit(1);
	_exit(0);
}

/*
 * The one who moves it is in the middle of importing, as vgem maps there. Who is
 * held up by that cannot be killed: the fence goes first, then the verdict.
 */
static void import_holds_up_nobody(void)
{
	int file = open(vgem->path, O_RDWR | O_CLOEXEC), status, others;
	bool in_time, waits, moved;
	struct share_import import;
	struct share_buffer buf;
	uint32_t handle;
	pid_t pid;

	igt_assert(file >= 0);
	about_to_move(&buf, &import);
	pid = fork();
	igt_assert(pid >= 0);
	if (!pid)
		_exit(!!drmPrimeFDToHandle(file, buf.fd, &handle));
	usleep(300000);
	in_time = moving_ends_in_time(share_others(file), &others);
	waits = waitpid(pid, &status, WNOHANG) == 0;
	moved = moving_contiguous(&buf);

	moving_let_go();
	if (waits)
		igt_assert_eq(waitpid(pid, &status, 0), pid);
	igt_assert(waits && !moved && in_time);
	igt_assert_eq(others, 0);
	igt_assert_eq(status, 0);
	igt_assert(moving_contiguous(&buf));
	close(file);
	share_release(&import);
	share_free(&buf);
}

/* Whoever waits for the fence dies of a signal, and the buffer is well. */
static void killed_mover(int sig)
{
	struct share_import import;
	struct share_buffer buf;
	int status;
	pid_t pid;

	about_to_move(&buf, &import);
	pid = look(&buf);
	usleep(300000);
	igt_assert_eq(waitpid(pid, &status, WNOHANG), 0);
	kill(pid, sig);
	igt_set_timeout(5, "a killed mover");
	igt_assert_eq(waitpid(pid, &status, 0), pid);
	igt_reset_timeout();
	igt_assert(WIFSIGNALED(status) && WTERMSIG(status) == sig);
	igt_assert(!moving_contiguous(&buf));

	moving_let_go();
	igt_assert_eq(share_check(&buf, SEED), 0);
	igt_assert(moving_contiguous(&buf));
	share_release(&import);
	share_free(&buf);
}

static void mover_killed(void)
{
	killed_mover(SIGKILL);
}

static void mover_terminated(void)
{
	killed_mover(SIGTERM);
}

/* The fence is there when everybody else has left. */
static void fence_that_never_signals(void)
{
	struct share_import import;
	struct share_buffer buf;
	int status;
	pid_t pid[3];

	about_to_move(&buf, &import);
	for (int i = 0; i < 3; i++)
		pid[i] = look(&buf);
	usleep(300000);
	igt_set_timeout(10, "leaving a buffer that nobody may touch");
	share_release(&import);
	for (int i = 0; i < 3; i++) {
		kill(pid[i], SIGKILL);
		igt_assert_eq(waitpid(pid[i], &status, 0), pid[i]);
	}
	share_free(&buf);
	igt_reset_timeout();
	moving_let_go();
}

/* ---- threads ---- */

struct shared {
	struct share_buffer buf;
	const struct share_importer *by;
	volatile bool stop, wrong;
	int err;		/* one that may not be */
	unsigned int times;
};

/* What the contract allows in the middle of a race. */
static bool allowed(int err)
{
	return !err || err == -EBUSY || err == -EINTR || err == -EAGAIN;
}

static void *come_and_go(void *arg)
{
	struct shared *s = arg;
	struct share_import import;
	int err;

	while (!s->stop && !s->err) {
		err = share_attach(s->by, &s->buf, &import);
		if (!err) {
			err = share_use(&import, SEED);
			share_release(&import);
		}
		if (!allowed(err))
			s->err = err;
		s->times++;
	}
	return NULL;
}

static void attach_against_map(void)
{
	const struct share_importer *who[] = { gpu, gpu, display, contig, vgem };
	struct shared s[ARRAY_SIZE(who)] = { 0 };
	pthread_t threads[ARRAY_SIZE(who)];
	struct share_buffer buf;

	igt_assert_eq(share_alloc(from, SHARE_BYTES, &buf), 0);
	igt_assert_eq(share_fill(&buf, SEED), 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(who); i++) {
		s[i].buf = buf;
		s[i].by = who[i];
		pthread_create(&threads[i], NULL, come_and_go, &s[i]);
	}
	sleep(2);
	for (unsigned int i = 0; i < ARRAY_SIZE(who); i++)
		s[i].stop = true;
	for (unsigned int i = 0; i < ARRAY_SIZE(who); i++) {
		pthread_join(threads[i], NULL);
		igt_info("%s: %u times\n", who[i]->name, s[i].times);
		igt_assert_f(!s[i].err, "%s: %s\n", who[i]->name,
			     share_errno(s[i].err));
		igt_assert(s[i].times);
	}
	igt_assert_eq(share_check(&buf, SEED), 0);
	share_free(&buf);
}

static void *draw(void *arg)
{
	struct shared *s = arg;
	struct share_import import;
	int err = share_attach(gpu, &s->buf, &import);

	while (!err && !s->stop) {
		err = share_use(&import, SEED);
		s->times++;
	}
	if (!err)
		share_release(&import);
	s->err = err;
	return NULL;
}

static void move_against_submit(void)
{
	unsigned int moved = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct share_import import;
		struct shared s = { 0 };
		pthread_t thread;
		int err;

		moving_scattered(from, SEED, &s.buf);
		pthread_create(&thread, NULL, draw, &s);
		usleep(i * 2000);
		err = share_attach(display, &s.buf, &import);
		usleep(20000);
		s.stop = true;
		pthread_join(thread, NULL);
		igt_assert_eq(s.err, 0);
		igt_assert(!err || err == -EBUSY);
		igt_assert_eq(share_check(&s.buf, SEED), 0);
		if (!err) {
			igt_assert(moving_contiguous(&s.buf));
			moved++;
			share_release(&import);
		}
		share_free(&s.buf);
	}
	igt_info("%u of %d moved\n", moved, ROUNDS);
	igt_assert(moved);
}

/*
 * Writes to every page and reads back: nothing is lost in a move, nor has any of
 * it gone to where the buffer was before.
 */
static void *scribble(void *arg)
{
	struct shared *s = arg;
	size_t words = page / sizeof(uint32_t);
	volatile uint32_t *map = mmap(NULL, s->buf.size, PROT_READ | PROT_WRITE,
				      MAP_SHARED, s->buf.fd, 0);
	uint32_t value = 0, *fresh;

	if (map == MAP_FAILED) {
		s->err = -errno;
		return NULL;
	}
	while (!s->stop && !s->wrong) {
		value++;
		for (size_t i = 0; i < s->buf.size / page; i++)
			map[i * words] = value;
		for (size_t i = 0; i < s->buf.size / page; i++)
			if (map[i * words] != value)
				s->wrong = true;
		s->times++;
	}
	fresh = mmap(NULL, s->buf.size, PROT_READ, MAP_SHARED, s->buf.fd, 0);
	s->wrong |= fresh == MAP_FAILED;
	for (size_t i = 0; !s->wrong && i < s->buf.size / page; i++)
		s->wrong = fresh[i * words] != value;
	if (fresh != MAP_FAILED)
		munmap(fresh, s->buf.size);
	munmap((void *)map, s->buf.size);
	return NULL;
}

static void move_against_fault(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct share_import import;
		struct shared s = { 0 };
		pthread_t thread;

		igt_assert_eq(share_alloc(from, SHARE_BYTES, &s.buf), 0);
		pthread_create(&thread, NULL, scribble, &s);
		usleep(1000 + i * 1000);
		igt_assert_eq(share_attach(display, &s.buf, &import), 0);
		/* The display maps it: it moves under the writer. */
		igt_assert_eq(share_use(&import, SEED), 0);
		igt_assert(moving_contiguous(&s.buf));
		usleep(5000);
		s.stop = true;
		pthread_join(thread, NULL);
		igt_assert(!s.wrong && !s.err && s.times);
		share_release(&import);
		share_free(&s.buf);
	}
}

/* A child that looks when it is told to, and leaves a word for its parent. */
static pid_t look_later(volatile uint32_t *map, size_t words, int told)
{
	pid_t pid = fork();
	char c;

	igt_assert(pid >= 0);
	if (pid)
		return pid;
	if (read(told, &c, 1) != 1)
		_exit(2);
	for (size_t i = 0; i < words; i++)
		if (map[i] != share_word(SEED, i))
			_exit(1);
	map[words - 1] = ~share_word(SEED, words - 1);
	_exit(0);
}

/* Mappings that are inherited, or have been put elsewhere, go along. */
static void move_of_any_mapping(void)
{
	struct share_import import;
	struct share_buffer buf;
	size_t words;
	uint32_t *map, *place;
	int tell[2], status;
	pid_t pid;

	moving_scattered(from, SEED, &buf);
	words = buf.size / sizeof(*map);
	map = mmap(NULL, buf.size, PROT_READ | PROT_WRITE, MAP_SHARED, buf.fd, 0);
	place = mmap(NULL, buf.size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	igt_assert(map != MAP_FAILED && place != MAP_FAILED);
	for (size_t i = 0; i < words; i++)
		igt_assert_eq_u32(map[i], share_word(SEED, i));
	igt_assert(mremap(map, buf.size, buf.size, MREMAP_MAYMOVE | MREMAP_FIXED,
			  place) == place);
	igt_assert(mremap(place, buf.size, buf.size + page, MREMAP_MAYMOVE) ==
		   MAP_FAILED);
	igt_assert_eq_u32(place[0], share_word(SEED, 0));
	igt_assert_eq(pipe(tell), 0);
	pid = look_later(place, words, tell[0]);

	igt_assert_eq(share_attach(display, &buf, &import), 0);
	igt_assert_eq(share_use(&import, SEED), 0);
	igt_assert(moving_contiguous(&buf));
	igt_assert_eq(write(tell[1], "", 1), 1);
	igt_assert_eq(waitpid(pid, &status, 0), pid);
	igt_assert_eq(status, 0);
	igt_assert_eq_u32(place[words - 1], ~share_word(SEED, words - 1));
	map = mmap(NULL, buf.size, PROT_READ, MAP_SHARED, buf.fd, 0);
	igt_assert(map != MAP_FAILED);
	igt_assert_eq_u32(map[words - 1], ~share_word(SEED, words - 1));
	munmap(map, buf.size);
	close(tell[0]);
	close(tell[1]);
	munmap(place, buf.size);
	share_release(&import);
	share_free(&buf);
}

static unsigned int objects(void)
{
	FILE *f = fopen("/sys/kernel/debug/dma_buf/bufinfo", "r");
	unsigned int n = 0;
	char line[256];

	igt_assert(f);
	while (fgets(line, sizeof(line), f))
		sscanf(line, "Total %u objects", &n);
	fclose(f);
	return n;
}

static void *look_and_sync(void *arg)
{
	struct shared *s = arg;
	struct dma_buf_query query;

	for (int i = 0; i < 10; i++) {
		share_check(&s->buf, SEED);
		share_query(s->buf.fd, &query);
	}
	close(s->buf.fd);
	return NULL;
}

static void *attach_and_leave(void *arg)
{
	struct shared *s = arg;
	struct share_import import;

	if (!share_attach(s->by, &s->buf, &import)) {
		close(s->buf.fd);
		s->err = share_use(&import, SEED);
		share_release(&import);
	} else {
		close(s->buf.fd);
	}
	return NULL;
}

/* Everybody has a descriptor of their own, and all are closed in any order. */
static void close_against_everything(void)
{
	void *(*const what[])(void *) = {
		attach_and_leave, attach_and_leave, attach_and_leave,
		look_and_sync, attach_and_leave,
	};
	const struct share_importer *who[] = { gpu, display, contig, NULL, vgem };
	unsigned int before = objects(), after;

	for (int round = 0; round < ROUNDS; round++) {
		struct shared s[ARRAY_SIZE(what)] = { 0 };
		pthread_t threads[ARRAY_SIZE(what)];
		struct share_buffer buf;

		igt_assert_eq(share_alloc(from, SHARE_BYTES, &buf), 0);
		if (round & 1)
			igt_assert_eq(share_fill(&buf, 0), 0);
		for (unsigned int i = 0; i < ARRAY_SIZE(what); i++) {
			s[i].buf = buf;
			s[i].buf.fd = dup(buf.fd);
			s[i].by = who[i];
			pthread_create(&threads[i], NULL, what[i], &s[i]);
			usleep(round * 50);
		}
		share_free(&buf);
		for (unsigned int i = 0; i < ARRAY_SIZE(what); i++)
			pthread_join(threads[i], NULL);
	}
	/* What is freed from a worker takes a moment. */
	for (int i = 0; i < 20 && (after = objects()) != before; i++)
		usleep(100000);
	igt_assert_eq(after, before);
}

static void attach_waits_for_nothing(void)
{
	struct share_import import;
	struct share_buffer buf;

	about_to_move(&buf, &import);
	share_release(&import);
	moving_let_go();
	share_free(&buf);
}

static void run_all(const char *name)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} races[] = {
		{ "attach-waits-for-nothing", attach_waits_for_nothing },
		{ "mover-holds-up-nobody", mover_holds_up_nobody },
		{ "import-holds-up-nobody", import_holds_up_nobody },
		{ "mover-killed", mover_killed },
		{ "mover-terminated", mover_terminated },
		{ "fence-that-never-signals", fence_that_never_signals },
		{ "attach-against-map", attach_against_map },
		{ "move-against-submit", move_against_submit },
		{ "move-against-fault", move_against_fault },
		{ "move-of-any-mapping", move_of_any_mapping },
		{ "close-against-everything", close_against_everything },
	};

	from = share_exporter(name);
	igt_require_f(from, "there is no %s here\n", name);
	for (unsigned int i = 0; i < ARRAY_SIZE(races); i++)
		igt_dynamic(races[i].name) {
			share_clean_up();
			races[i].run();
		}
}

int igt_main()
{
	static const char * const names[] = {
		"heap-deferred", "gpu-cached", "gpu-wc", "gpu-uncached",
	};

	igt_fixture() {
		page = sysconf(_SC_PAGESIZE);
		gpu = share_importer("gpu");
		display = share_importer("display");
		contig = share_importer("vivid-contig");
		vgem = share_importer("vgem");
		igt_require(gpu && display && contig && vgem);
		igt_require_sw_sync();
		share_clean_up();
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++)
		igt_subtest_with_dynamic(names[i])
			run_all(names[i]);
}
