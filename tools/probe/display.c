// SPDX-License-Identifier: MIT
/*
 * Doubts about a display at work: KMS shows two empty buffers on the first
 * connector that has a screen, in turns.
 */

#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

#include "probe.h"

/* IPU_CUR_BUF_0, and the channel of a full screen */
#define CUR_BUF		0x23c
#define CHANNEL		23

static int card = -1;
static uint32_t crtc, fbs[2];
static drmModeModeInfo mode;

/* A CRTC that a connector can have; 0: it is not in use, or there is none */
static uint32_t crtc_of(drmModeResPtr res, drmModeConnectorPtr c)
{
	drmModeEncoderPtr e = NULL;
	uint32_t found = 0;

	if (c && c->connection == DRM_MODE_CONNECTED && c->count_modes &&
	    c->count_encoders)
		e = drmModeGetEncoder(card, c->encoders[0]);
	for (int i = 0; e && i < res->count_crtcs && !found; i++)
		if (e->possible_crtcs & 1 << i)
			found = res->crtcs[i];
	drmModeFreeEncoder(e);
	return found;
}

static bool light(drmModeConnectorPtr c)
{
	uint32_t handle, pitch;
	uint64_t size;

	mode = c->modes[0];
	for (int i = 0; i < 2; i++)
		if (drmModeCreateDumbBuffer(card, mode.hdisplay, mode.vdisplay,
					    32, 0, &handle, &pitch, &size) ||
		    drmModeAddFB(card, mode.hdisplay, mode.vdisplay, 24, 32,
				 pitch, handle, &fbs[i]))
			return false;
	return !drmModeSetCrtc(card, crtc, fbs[0], 0, 0, &c->connector_id, 1,
			       &mode);
}

bool display_open(void)
{
	bool lit = false;
	char path[32];

	for (int n = 0; n < 16 && !lit; n++) {
		drmModeResPtr res;

		snprintf(path, sizeof(path), "/dev/dri/card%d", n);
		card = open(path, O_RDWR | O_CLOEXEC);
		res = card < 0 ? NULL : drmModeGetResources(card);
		for (int i = 0; res && i < res->count_connectors && !lit; i++) {
			drmModeConnectorPtr c =
				drmModeGetConnector(card, res->connectors[i]);

			crtc = crtc_of(res, c);
			lit = crtc && light(c);
			drmModeFreeConnector(c);
		}
		drmModeFreeResources(res);
		if (card >= 0 && !lit)
			close(card);
	}
	return lit;
}

static void flipped(int fd, unsigned int sequence, unsigned int sec,
		    unsigned int usec, void *data)
{
	(void)fd;
	(void)sequence;
	*(double *)data = sec + usec / 1e6;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/*
 * The events of mainline's driver come by the interrupt at a frame's end;
 * others', of that name or not, need not.
 */
static bool tells_end(void)
{
	drmVersionPtr v = drmGetVersion(card);
	bool is_imx = v && !strcmp(v->desc, "i.MX DRM graphics");

	drmFreeVersion(v);
	return is_imx;
}

/* Ask for the other buffer; false: refused */
static bool flip(int n, double *end)
{
	return !drmModePageFlip(card, crtc, fbs[n], DRM_MODE_PAGE_FLIP_EVENT,
				end);
}

/* The event that ends it; false: it does not come */
static bool flip_ends(void)
{
	drmEventContext ctx = { .version = 2, .page_flip_handler = flipped };
	struct pollfd p = { .fd = card, .events = POLLIN };

	return poll(&p, 1, 1000) == 1 && !drmHandleEvent(card, &ctx);
}

/*
 * A flip asked for when a frame has ended, and so in the blanking: from the
 * frame's end to when the buffers are exchanged, in seconds.
 */
static const char *exchange(double *after)
{
	double end = 0, limit, unused;
	uint32_t before;

	if (!flip(1, &end) || !flip_ends())
		return "not asked: the display does not flip";
	before = reg_read(CUR_BUF) >> CHANNEL & 1;
	if (!flip(0, &unused))
		return "not asked: the display does not flip";
	limit = now() + 0.2;
	while ((reg_read(CUR_BUF) >> CHANNEL & 1) == before)
		if (now() > limit)
			return "not asked: another channel shows it";
	*after = now() - end;
	flip_ends();
	return NULL;
}

static const char *exchanges(void)
{
	double line = mode.htotal / (mode.clock * 1e3);
	double frame = line * mode.vtotal, after = 0, phase;
	double blank = line * (mode.vtotal - mode.vdisplay);
	const char *why;

	if (!tells_end())
		return "not asked: this driver does not tell a frame's end";
	why = reg_open(REG_IPU1);
	if (why)
		return why;
	why = exchange(&after);
	reg_close();
	phase = after - frame * floor(after / frame);
	return why ? why :
	       saw("%s: %.2f ms after a frame's end, of %.2f; blank for %.2f",
		   after > frame / 2 && (phase < blank / 2 ||
					 phase > frame - blank / 2) ? "A" : "B",
		   after * 1e3, frame * 1e3, blank * 1e3);
}

const struct doubt display_doubts[] = {
	ASK("IPU-1", "CUR_BUF toggles at a frame's end, and once",
	    "at a frame's start", exchanges),
	{ .id = NULL },
};
