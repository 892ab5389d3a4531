// SPDX-License-Identifier: MIT
/*
 * refsoc-probe: asks the board it runs on what no public source decides, and
 * prints an answer to each doubt of docs/hardware-doubts.md:
 *
 *   ID: A | B -> what was seen
 *
 * where A is what the emulated board does. refsoc-probe [-H] [ID...]
 *   -H  also what may hang the GPU for a moment, until its driver recovers it
 *
 * Needs root, and a driver that speaks etnaviv's UAPI. mainline's passes more
 * commands than refsoc-gpu. Registers are only read, those of a GPU while its
 * driver is told to keep it awake, others while their clock is on; nothing is
 * written but buffers of this program's own.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "probe.h"

static bool may_hang;
static char **wanted;

const char *saw(const char *fmt, ...)
{
	static char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return text;
}

const char *either(bool a, bool b, uint32_t seen)
{
	return a == b ? saw("neither: %08x", seen) : a ? "A" : "B";
}

static bool is_wanted(const char *id)
{
	for (char **w = wanted; *w; w++)
		if (!strcmp(*w, id))
			return true;
	return !*wanted;
}

static const char *answer(const struct doubt *d, bool is_there)
{
	const char *seen;

	if (!d->run)
		return saw("not asked: it takes %s", d->b);
	if (!is_there)
		return "not asked: no driver, or not there";
	if (d->hangs && !may_hang)
		return "not asked: it may hang the core, see -H";
	seen = d->run();
	return d->hangs && !strcmp(seen, CORE_HANGS) ?
	       saw("%c: it hangs", d->hangs) : seen;
}

static void ask(const struct doubt *d, bool is_there)
{
	for (; d->id; d++) {
		if (!is_wanted(d->id))
			continue;
		printf("%s: %s | %s -> ", d->id, d->a, d->run ? d->b : "not");
		fflush(stdout);
		puts(answer(d, is_there));
	}
}

int main(int argc, char **argv)
{
	int opt;

	while ((opt = getopt(argc, argv, "H")) != -1) {
		if (opt != 'H') {
			fprintf(stderr, "usage: refsoc-probe [-H] [ID...]\n");
			return 2;
		}
		may_hang = true;
	}
	wanted = argv + optind;
	ask(draw_doubts, pipe_open(false));
	ask(resolve_doubts, pipe_open(true));
	ask(display_doubts, display_open());
	ask(read_doubts, true);		/* of a display that is on, too */
	return 0;
}
