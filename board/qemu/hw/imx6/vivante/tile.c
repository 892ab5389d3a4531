/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante 3D cores: layouts of surfaces, and the status of their tiles.
 *
 * After rnndb (state_3d.xml, RS and TS), etna_viv's doc/hardware.md and
 * tools/detiler.py (the "old" order of tiles in a supertile), and what Mesa's
 * etnaviv puts where (etnaviv_rs.c, etnaviv_resource.c):
 *
 *   tiled              4x4 pixels a tile, tiles in rows; the stride is that
 *                      of a row of tiles
 *   supertiled         64x64 pixels a supertile, same stride
 *   multi-tiled        tiles go to the two pixel pipes by turns like a chess
 *                      board, each of which has a base of its own
 *
 * The tile status has two bits for 64 bytes of the surface, whichever layout:
 * 0 is as in memory, 1 cleared. The others would be compressed; what
 * compression does with them is not known, and here it hangs the pipe as
 * invalid ones are said to do.
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "vivante.h"
#include "tile.h"

#define TILE            4
#define SUPER           64
#define TS_CELL         64      /* bytes of a surface for two bits */
#define TS_CLEARED      1

/* Of 256 tiles of a supertile, the one in column @tx, row @ty */
static uint32_t super_index(uint32_t tx, uint32_t ty)
{
    return ty / 4 * 64 + tx / 2 * 8 + ty % 4 * 2 + tx % 2;
}

/* Where the tile with pixel (@x, @y) is; x and y are those of its corner. */
static uint32_t tile_address(const VivTiling *t, uint32_t x, uint32_t y)
{
    uint32_t tx = x / TILE, ty = y / TILE, bytes = TILE * TILE * t->bpp;
    uint32_t pipe = 0, index;

    if (!t->super) {
        if (t->multi) {
            pipe = (tx + ty) & 1;
            tx = (tx & ~1u) + (ty & 1);
            ty /= 2;
        }
        return t->base[pipe] + ty * t->stride + tx * bytes;
    }
    if (t->multi) {
        pipe = (tx / 2 + ty) & 1;
        tx = (tx & ~3u) + (ty & 1) * 2 + (tx & 1);
        ty /= 2;
    }
    index = super_index(tx % (SUPER / TILE), ty % (SUPER / TILE));
    return t->base[pipe] + ty / (SUPER / TILE) * (SUPER / TILE) * t->stride +
           tx / (SUPER / TILE) * (SUPER * SUPER * t->bpp) + index * bytes;
}

/* How many tiles from (@x, @y) on lie behind each other in memory, up to @n */
static unsigned tile_run(const VivTiling *t, uint32_t x, uint32_t y,
                         unsigned n)
{
    uint32_t bytes = TILE * TILE * t->bpp;
    uint32_t addr = tile_address(t, x, y);
    unsigned run = 1;

    while (run < n && tile_address(t, x + run * TILE, y) ==
                      addr + run * bytes) {
        run++;
    }
    return run;
}

/*
 * Put the clear value where @len bytes from @addr on are marked as cleared.
 * Rows may go on beyond the last address, hence offsets of 64 bits.
 */
static bool fill_cleared(VivanteGPUState *s, const VivTileStatus *ts,
                         uint32_t addr, uint8_t *raw, uint32_t len)
{
    uint64_t offset = addr - ts->surface, first = offset / TS_CELL;
    uint64_t n = (offset + len - 1) / TS_CELL / 4 - first / 4 + 1;
    g_autofree uint8_t *bits = NULL;

    if (!ts->on || addr < ts->surface) {
        return true;
    }
    bits = g_malloc(n);
    viv_read(s, VIV_PE, ts->status + first / 4, bits, n);
    for (uint32_t i = 0; i < len; i++) {
        uint64_t cell = (offset + i) / TS_CELL;
        unsigned code = bits[cell / 4 - first / 4] >> cell % 4 * 2 & 3;

        if (code > TS_CLEARED) {
            qemu_log_mask(LOG_GUEST_ERROR, "%s: tile status %u for 0x%08x\n",
                          s->core->name, code, addr + i);
            return false;
        }
        if (code == TS_CLEARED) {
            raw[i] = ts->clear >> (addr + i) % 4 * 8;
        }
    }
    return true;
}

/*
 * @lines rows of @width pixels from (@x, @y) on, packed. Tiled surfaces are
 * read in whole tiles: @x, @y and the sizes are multiples of four then.
 */
bool viv_read_block(VivanteGPUState *s, const VivTiling *t,
                    const VivTileStatus *ts, uint32_t x, uint32_t y,
                    unsigned width, unsigned lines, uint8_t *raw)
{
    size_t pitch = (size_t)width * t->bpp, part = TILE * t->bpp;
    bool ok = true;

    for (unsigned j = 0; !t->tiled && j < lines; j++) {
        uint32_t addr = t->base[0] + (y + j) * t->stride + x * t->bpp;

        viv_read(s, VIV_PE, addr, raw + j * pitch, pitch);
        ok &= fill_cleared(s, ts, addr, raw + j * pitch, pitch);
    }
    for (unsigned j = 0; t->tiled && j < lines; j += TILE) {
        for (unsigned i = 0, run; i < width; i += run * TILE) {
            uint32_t addr = tile_address(t, x + i, y + j);
            uint8_t *p = t->buffer;

            run = tile_run(t, x + i, y + j, (width - i) / TILE);
            viv_read(s, VIV_PE, addr, p, run * TILE * part);
            ok &= fill_cleared(s, ts, addr, p, run * TILE * part);
            for (unsigned k = 0; k < run * TILE; k++, p += part) {
                memcpy(raw + (j + k % TILE) * pitch +
                       (i / TILE + k / TILE) * part, p, part);
            }
        }
    }
    return ok;
}

void viv_write_block(VivanteGPUState *s, const VivTiling *t, uint32_t x,
                     uint32_t y, unsigned width, unsigned lines,
                     const uint8_t *raw)
{
    size_t pitch = (size_t)width * t->bpp, part = TILE * t->bpp;

    for (unsigned j = 0; !t->tiled && j < lines; j++) {
        viv_write(s, VIV_PE, t->base[0] + (y + j) * t->stride + x * t->bpp,
                  raw + j * pitch, pitch);
    }
    for (unsigned j = 0; t->tiled && j < lines; j += TILE) {
        for (unsigned i = 0, run; i < width; i += run * TILE) {
            uint8_t *p = t->buffer;

            run = tile_run(t, x + i, y + j, (width - i) / TILE);
            for (unsigned k = 0; k < run * TILE; k++, p += part) {
                memcpy(p, raw + (j + k % TILE) * pitch +
                       (i / TILE + k / TILE) * part, part);
            }
            viv_write(s, VIV_PE, tile_address(t, x + i, y + j), t->buffer,
                      run * TILE * part);
        }
    }
}
