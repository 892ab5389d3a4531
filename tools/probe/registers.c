// SPDX-License-Identifier: MIT
/* Doubts that a look at a register decides, and how to look: see probe.h. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe.h"

#define DEVICES		"/sys/bus/platform/devices/"
#define CLOCKS		"/sys/kernel/debug/clk/"
#define PAGE		0x1000

static const struct {
	uint32_t base;
	const char *device;	/* whose runtime PM keeps it awake */
	const char *clock;	/* that has to be on */
} blocks[] = {
	[REG_GC2000] = { 0x00130000, "130000.gpu", NULL },
	[REG_GC320] = { 0x00134000, "134000.gpu", NULL },
	[REG_IPU1] = { 0x02600000, NULL, "ipu1" },
	[REG_CSI2] = { 0x021dc000, NULL, "hsi_tx" },
	[REG_GIC] = { 0x00a01000, NULL, NULL },
};

static char control_before[32];	/* of the device that is kept awake */
static volatile uint32_t *page;
static uint32_t mapped;
static enum reg_block open_block;

/* The first word of a file; empty if there is none */
static void first_word(const char *dir, const char *name, const char *file,
		       char *word)
{
	char path[128];
	FILE *f;

	*word = 0;
	snprintf(path, sizeof(path), "%s%s/%s", dir, name, file);
	f = fopen(path, "r");
	if (!f)
		return;
	if (fscanf(f, "%31s", word) != 1)
		*word = 0;
	fclose(f);
}

double clock_hz(const char *name)
{
	char word[32];

	first_word(CLOCKS, name, "clk_rate", word);
	return atof(word);
}

static void set_power(const char *device, const char *control)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), DEVICES "%s/power/control", device);
	f = fopen(path, "w");
	if (f) {
		fputs(control, f);
		fclose(f);
	}
}

static const char *is_safe(enum reg_block block)
{
	const char *device = blocks[block].device, *clock = blocks[block].clock;
	char word[32];

	if (device) {
		first_word(DEVICES, device, "power/control", control_before);
		set_power(device, "on");
		first_word(DEVICES, device, "power/runtime_status", word);
		if (strcmp(word, "active"))
			return saw("not asked: %s is not awake", device);
	}
	if (clock) {
		first_word(CLOCKS, clock, "clk_enable_count", word);
		if (atoi(word) < 1)
			return saw("not asked: clock %s is off", clock);
	}
	return NULL;
}

const char *reg_open(enum reg_block block)
{
	const char *why = is_safe(block);

	open_block = block;
	mapped = 0;
	if (why)
		reg_close();
	return why;
}

uint32_t reg_read(uint32_t offset)
{
	uint32_t at = blocks[open_block].base + offset;
	int fd;

	if (mapped != (at & -PAGE) || !page) {
		fd = open("/dev/mem", O_RDONLY | O_SYNC);
		page = fd < 0 ? NULL : mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd,
					    at & -PAGE);
		if (!page || page == MAP_FAILED) {
			fprintf(stderr, "/dev/mem: %s\n", strerror(errno));
			exit(2);
		}
		close(fd);
		mapped = at & -PAGE;
	}
	return page[at % PAGE / 4];
}

void reg_close(void)
{
	if (blocks[open_block].device)
		set_power(blocks[open_block].device, control_before);
	if (page)
		munmap((void *)page, PAGE);
	page = NULL;
}

/* @n registers at once. NULL, or why that is not safe */
static const char *look(enum reg_block block, unsigned int n,
			const uint16_t *offsets, uint32_t *values)
{
	const char *why = reg_open(block);

	if (why)
		return why;
	for (unsigned int i = 0; i < n; i++)
		values[i] = reg_read(offsets[i]);
	reg_close();
	return NULL;
}

static const char *eater(void)
{
	uint32_t value;
	const char *why = look(REG_GC320, 1, (uint16_t[]){ 0x10c }, &value);

	return why ? why : either(!value, value != 0, value);
}

static const char *dates(void)
{
	static char text[160];
	bool as_said = true;
	int n = sprintf(text, "A:");

	for (int i = REG_GC2000; i <= REG_GC320; i++) {
		uint32_t v[6];
		const char *why = look(i, 6, (uint16_t[]){ 0x20, 0x24, 0x28, 0x2c,
						0xa8, 0xe8 }, v);

		if (why)
			return why;
		n += sprintf(text + n, " %x/%x %08x %08x, product %x, eco %x;",
			     v[0], v[1], v[2], v[3], v[4], v[5]);
		as_said &= v[2] == 0x20110511 && v[3] == 0x01012500 &&
			   !(v[4] | v[5]);
	}
	text[0] = as_said ? 'A' : 'B';
	return text;
}

static const char *specs(void)
{
	uint32_t v[2][2];

	for (int i = REG_GC2000; i <= REG_GC320; i++) {
		const char *why = look(i, 2, (uint16_t[]){ 0x48, 0x80 }, v[i]);

		if (why)
			return why;
	}
	return saw("%s: %08x %08x, %08x %08x",
		   v[0][0] == 0x94410a68 && v[1][0] == 0xa4410a61 ? "A" : "B",
		   v[0][0], v[0][1], v[1][0], v[1][1]);
}

/* New frames of all channels: Linux enables none of their interrupts. */
static const char *ipu_latch(void)
{
	uint32_t v[2];		/* INT_CTRL_3, INT_STAT_3 */
	const char *why = look(REG_IPU1, 2, (uint16_t[]){ 0x44, 0x208 }, v);

	if (why)
		return why;
	if (!(v[1] | v[0]))
		return "not asked: no channel has had a frame";
	return saw("%s: NFACK control %08x, status %08x",
		   v[1] & ~v[0] ? "A" : "B", v[0], v[1]);
}

/*
 * What the GIC has pending, MASK1, and ERR1 twice: kept, since to read an error
 * may clear it
 */
static uint32_t csi2[4];

static const char *csi2_look(void)
{
	const char *why;

	if (csi2[2])
		return NULL;
	why = look(REG_GIC, 1, (uint16_t[]){ 0x210 }, csi2);
	if (!why)
		why = look(REG_CSI2, 3, (uint16_t[]){ 0x28, 0x20, 0x20 }, csi2 + 1);
	return why || csi2[2] ? why : "not asked: there was no error";
}

/* The line is SPI 100: bit 4 of the GIC's fifth word. */
static const char *csi2_mask(void)
{
	const char *why = csi2_look();
	bool up = csi2[0] & 1 << 4;

	return why ? why : either(up == !!(csi2[2] & ~csi2[1]),
				  up == !!(csi2[2] & csi2[1]), csi2[1]);
}

static const char *csi2_errors(void)
{
	const char *why = csi2_look();

	return why ? why : saw("%s: ERR1 %08x, then %08x", csi2[3] ? "B" : "A",
			       csi2[2], csi2[3]);
}

static const char *csi2_version(void)
{
	uint32_t version;
	const char *why = look(REG_CSI2, 1, (uint16_t[]){ 0 }, &version);

	return why ? why : either(version == 0x3130302a, version != 0x3130302a,
				  version);
}

#define RING	"the driver's ring, changed by hand"
#define WRITES	"registers of a running camera, written"
#define EYES	"eyes on the board"

const struct doubt read_doubts[] = {
	ASK("PM-2", "PULSE_EATER reads 0", "it reads as written", eater),
	ASK("ID-1", "date and time of the GC880, no product", "others", dates),
	ASK("ID-2", "CHIP_SPECS as packed from gpus.json", "others", specs),
	ASK("IPU-5", "INT_STAT latches while masked", "it does not", ipu_latch),
	ASK("CSI2-1", "ERR1 clears when it is read", "it stays", csi2_errors),
	ASK("CSI2-2", "MASK bits of 1 hide", "those of 0 do", csi2_mask),
	ASK("CSI2-4", "VERSION is 1.00*", "another", csi2_version),
	CANNOT("FE-2", "FE_DMA_ADDRESS is behind END", RING),
	CANNOT("FE-4", "a second start is ignored", RING),
	CANNOT("FE-6", "low bits of an address are ignored", RING),
	CANNOT("INT-1", "events latch while masked", RING),
	CANNOT("RS-9", "FLUSH_MMU: RA 1, TX 2, PEZ 4", RING),
	CANNOT("CSI2-3", "a rate off by two is received", WRITES),
	CANNOT("IPU-6", "YUV as generic 16 bits is as it came", WRITES),
	CANNOT("OV-1", "4300 of 7x is RGB555, 9x RGB444", WRITES),
	CANNOT("IPU-4", "samples of 10 bits are at the top of 16",
	       "a sensor of 10 bits"),
	CANNOT("IPU-2", "with no buffer ready the other is shown", EYES),
	CANNOT("IPU-3", "five and six bits are scaled to eight", EYES),
	CANNOT("HDMI-1", "DVI mode needs no size", EYES),
	CANNOT("PLL-1", "PLL5 ends at 1.3 GHz, FRAC begins at 12",
	       "more than it is worth"),
	{ .id = NULL },
};
