/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPU display controller: which flow goes to which DI, and how its bytes lie
 * on the bus.
 *
 * IMX6DQRM rev. 6, chapter 37, IPUx_DC_*. Of the microcode only the template
 * that a channel runs for new data is looked at: it names the map and the
 * DI counter that paces the pixels (drivers/gpu/ipu-v3/ipu-dc.c).
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "ipu.h"
#include "trace.h"

enum {
    R_WR_CH_CONF_1 = 0x1c / 4,
    R_WR_CH_CONF_5 = 0x5c / 4,
    R_GEN = 0xd4 / 4,
    R_MAP_CONF_PTR = 0x108 / 4,
    R_MAP_CONF_VAL = 0x144 / 4,
    R_STAT = 0x1c8 / 4,
    /* From a channel's WR_CH_CONF: routine for new data, low half */
    RL4 = 0x18 / 4,
};

/* DC_WR_CH_CONF */
#define PROG_DI_ID      BIT(2)
#define PROG_TYPE(conf) extract32(conf, 5, 3)
#define TYPE_NORMAL     4       /* without anti-tearing; 5 is with */

/* DC_STAT, for each DI: the buffers to it are empty */
#define STAT_EMPTY(di)  (0xa << 4 * (di))

/* Template words, DC_TMPL: low cell */
#define TMPL_SYNC(w)    extract32(w, 0, 4)
#define TMPL_MAP(w)     extract32(w, 15, 5)     /* plus one, 0 is none */

static bool channel_feeds(IMX6IPUState *s, unsigned conf_reg, unsigned di)
{
    uint32_t conf = s->dc[conf_reg];

    return PROG_TYPE(conf) >= TYPE_NORMAL && !!(conf & PROG_DI_ID) == di;
}

bool ipu_dc_source(IMX6IPUState *s, unsigned di, uint32_t *ch, uint32_t *map,
                   unsigned *counter)
{
    unsigned reg = R_WR_CH_CONF_5;
    uint32_t event, word;

    if (!(ipu_conf(s) & IPU_CONF_DC_EN)) {
        return false;
    }
    *ch = 5;
    if (!channel_feeds(s, reg, di)) {
        reg = R_WR_CH_CONF_1;
        *ch = 1;
        if (!channel_feeds(s, reg, di)) {
            return false;
        }
    }
    event = extract32(s->dc[reg + RL4], 0, 16);
    word = s->tmpl[extract32(event, 8, 8) * 2];
    if (!extract32(event, 0, 4) || !TMPL_MAP(word)) {
        qemu_log_mask(LOG_GUEST_ERROR, "ipu%u: DC channel %u has no routine "
                      "for new data\n", s->unit, *ch);
        return false;
    }
    *map = TMPL_MAP(word) - 1;
    *counter = TMPL_SYNC(word);
    return true;
}

void ipu_dc_bus_map(IMX6IPUState *s, uint32_t map, IPUBusMap *m)
{
    uint32_t ptr = extract32(s->dc[R_MAP_CONF_PTR + map / 2], map % 2 * 16,
                             16);

    m->identity = true;
    for (unsigned i = 0; i < 3; i++) {
        unsigned n = extract32(ptr, 5 * i, 5);
        uint32_t val = 0;

        if (n < 24) {
            val = extract32(s->dc[R_MAP_CONF_VAL + n / 2], n % 2 * 16, 16);
        }
        m->mask[i] = val;
        m->offset[i] = MIN(extract32(val, 8, 5), 23);
        m->identity &= m->mask[i] == 0xff && m->offset[i] == 8 * i + 7;
    }
}

static uint64_t dc_read(void *opaque, hwaddr offset, unsigned size)
{
    IPUBlock *b = opaque;
    IMX6IPUState *s = b->ipu;
    uint32_t value = ipu_block_ok(b, offset, false) ? b->regs[offset / 4] : 0;

    if (offset / 4 == R_STAT) {
        for (unsigned i = 0; i < 2; i++) {
            IPUDisplay *d = &s->display[i];

            if (d->running && (d->main.active || d->part.active)) {
                value &= ~STAT_EMPTY(i);
            }
        }
    }
    trace_imx6_ipu_read(s->unit, b->name, offset, value);
    return value;
}

static void dc_write(void *opaque, hwaddr offset, uint64_t value,
                     unsigned size)
{
    IPUBlock *b = opaque;
    IMX6IPUState *s = b->ipu;

    trace_imx6_ipu_write(s->unit, b->name, offset, value);
    if (!ipu_block_ok(b, offset, true)) {
        return;
    }
    if (offset / 4 == R_STAT) {
        qemu_log_mask(LOG_GUEST_ERROR, "ipu%u: DC_STAT is read-only\n",
                      s->unit);
        return;
    }
    s->dc[offset / 4] = value;
    ipu_scan_update(s);
}

const MemoryRegionOps ipu_dc_ops = {
    .read = dc_read,
    .write = dc_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

void ipu_dc_reset(IMX6IPUState *s)
{
    memset(s->dc, 0, sizeof(s->dc));
    s->dc[R_STAT] = STAT_EMPTY(0) | STAT_EMPTY(1);
}
