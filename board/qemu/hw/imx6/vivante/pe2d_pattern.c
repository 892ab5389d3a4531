/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante 2D pipe: the 8x8 pattern.
 *
 * After the register comments in TI's gcx driver (gcreg.h, GPL): a solid
 * colour, two colours by the bits of PATTERN_LOW and _HIGH, or 64 pixels that
 * PATTERN_CONFIG's trigger fetches from memory into a cache. The origin is
 * where in an 8x8 block of the destination the pattern's top left corner
 * lies. Not decided by any source: that bit 7 of a row is its left pixel.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "vivante.h"

#define SIDE            8

static bool is_pixels(uint32_t config)
{
    return FIELD_EX32(config, DE_PATTERN_CONFIG, TYPE) &&
           FIELD_EX32(config, DE_PATTERN_CONFIG, PATTERN_FORMAT) !=
           DE_FORMAT_MONOCHROME;
}

/* Fetch the pixels, by the configuration at hand. */
static void load_pixels(VivanteGPUState *s, uint32_t config)
{
    VivSurface f = {
        .addr = s->state[R_DE_PATTERN_ADDRESS] & ~3u,
        .format = FIELD_EX32(config, DE_PATTERN_CONFIG, PATTERN_FORMAT),
        .swizzle = FIELD_EX32(config, DE_PATTERN_CONFIG, SWIZZLE),
        .endian = FIELD_EX32(config, DE_PATTERN_CONFIG, ENDIAN_CONTROL),
        .palette = &s->state[R_DE_INDEX_COLOR_TABLE32],
        .a8_color = s->state[R_DE_GLOBAL_SRC_COLOR],
    };
    unsigned bytes = viv_format_bytes(f.format);

    if (!is_pixels(config)) {
        return;
    }
    if (!bytes) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: pattern of format %u\n",
                      s->core->name, f.format);
        return;
    }
    f.stride = SIDE * bytes;
    for (unsigned y = 0; y < SIDE; y++) {
        viv_read_row(s, &f, 0, y, SIDE, &s->pe.pattern[SIDE * y]);
    }
}

void viv_load_pattern(VivanteGPUState *s, uint32_t value)
{
    uint32_t trigger = FIELD_EX32(value, DE_PATTERN_CONFIG, INIT_TRIGGER);

    if (trigger != PATTERN_INIT_PATTERN) {
        s->state[R_DE_PATTERN_CONFIG] = value;
    }
    if (trigger & PATTERN_INIT_PATTERN) {
        load_pixels(s, s->state[R_DE_PATTERN_CONFIG]);
    }
}

static bool bit_of(uint32_t low, uint32_t high, unsigned i)
{
    uint32_t rows = i < 32 ? low : high;

    return rows >> (i / SIDE % 4 * 8 + 7 - i % SIDE) & 1;
}

void viv_pattern_decode(const VivJob *job, VivPattern *p)
{
    uint32_t config = VIV_DE(job, DE_PATTERN_CONFIG);
    uint32_t fg = VIV_DE(job, DE_PATTERN_FG_COLOR);
    uint32_t bg = VIV_DE(job, DE_PATTERN_BG_COLOR);
    bool pixels = is_pixels(config);
    bool solid = !FIELD_EX32(config, DE_PATTERN_CONFIG, TYPE);

    p->origin_x = FIELD_EX32(config, DE_PATTERN_CONFIG, ORIGIN_X);
    p->origin_y = FIELD_EX32(config, DE_PATTERN_CONFIG, ORIGIN_Y);
    for (unsigned i = 0; i < SIDE * SIDE; i++) {
        bool set = bit_of(VIV_DE(job, DE_PATTERN_LOW),
                          VIV_DE(job, DE_PATTERN_HIGH), i);

        p->color[i] = pixels ? job->pattern[i] : solid || set ? fg : bg;
        p->opaque[i] = bit_of(VIV_DE(job, DE_PATTERN_MASK_LOW),
                              VIV_DE(job, DE_PATTERN_MASK_HIGH), i);
    }
}

/* Row @y of the destination from @x on: colours, and which are opaque */
void viv_pattern_row(const VivPattern *p, const VivTurn *turn, int32_t x,
                     int32_t y, uint32_t *color, uint8_t *opaque, unsigned n)
{
    VivPoint at = viv_turn_from(turn, x, y);

    for (unsigned k = 0; k < n; k++) {
        unsigned i;

        if (k >= SIDE) {
            color[k] = color[k - SIDE];
            opaque[k] = opaque[k - SIDE];
            continue;
        }
        i = ((uint32_t)(at.y - p->origin_y) % SIDE) * SIDE +
            (uint32_t)(at.x - p->origin_x) % SIDE;
        color[k] = p->color[i];
        opaque[k] = p->opaque[i];
        at.x += turn->xx;
        at.y += turn->xy;
    }
}
