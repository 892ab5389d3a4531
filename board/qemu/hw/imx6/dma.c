/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bus master port of a modelled block, with a recorder.
 *
 * The record is a text file, one event a line, virtual time in nanoseconds
 * first:
 *   <ns> tap <port> <frame> <width> <height> <luma in hex>
 *   <ns> note <what> <value>
 * and, when it is closed, one line for each run of touched pages:
 *   <ns> pages <port> read|write <first page> <count>
 */

#include "qemu/osdep.h"
#include "qemu/bitmap.h"
#include "qemu/cutils.h"
#include "qemu/queue.h"
#include "qemu/timer.h"
#include "qapi/error.h"
#include "system/dma.h"
#include "exec/address-spaces.h"
#include "hw/imx6/dma.h"

#define PAGE_SHIFT      12
#define BUS_PAGES       (1ul << (32 - PAGE_SHIFT))

/* The number strip's middle: docs/test-card.md. Per mille of the height. */
#define TAP_ROW_PERMILLE 30

static QTAILQ_HEAD(, IMX6DMA) ports = QTAILQ_HEAD_INITIALIZER(ports);
static FILE *record;

static void start_recording(IMX6DMA *dma)
{
    dma->pages_read = bitmap_new(BUS_PAGES);
    dma->pages_written = bitmap_new(BUS_PAGES);
}

void imx6_dma_init(IMX6DMA *dma, const char *name)
{
    dma->name = name;
    QTAILQ_INSERT_TAIL(&ports, dma, next);
    if (record) {
        start_recording(dma);
    }
}

static void touch(unsigned long *pages, hwaddr addr, size_t len)
{
    if (pages && len && addr + len <= (1ull << 32)) {
        unsigned long first = addr >> PAGE_SHIFT;

        bitmap_set(pages, first, ((addr + len - 1) >> PAGE_SHIFT) - first + 1);
    }
}

MemTxResult imx6_dma_read(IMX6DMA *dma, hwaddr addr, void *buf, size_t len)
{
    MemTxResult r;

    if (dma->read_fault) {
        memset(buf, 0, len);
        return MEMTX_DECODE_ERROR;
    }
    touch(dma->pages_read, addr, len);
    r = dma_memory_read(&address_space_memory, addr, buf, len,
                        MEMTXATTRS_UNSPECIFIED);
    if (r != MEMTX_OK) {
        memset(buf, 0, len);
    }
    return r;
}

MemTxResult imx6_dma_write(IMX6DMA *dma, hwaddr addr, const void *buf,
                           size_t len)
{
    if (dma->write_fault) {
        return MEMTX_DECODE_ERROR;
    }
    touch(dma->pages_written, addr, len);
    return dma_memory_write(&address_space_memory, addr, buf, len,
                            MEMTXATTRS_UNSPECIFIED);
}

static void line(const char *fmt, ...) G_GNUC_PRINTF(1, 2);

static void line(const char *fmt, ...)
{
    va_list ap;

    fprintf(record, "%" PRId64 " ",
            qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
    va_start(ap, fmt);
    vfprintf(record, fmt, ap);
    va_end(ap);
    fputc('\n', record);
}

bool imx6_dma_tap_wants(unsigned row, unsigned rows)
{
    return record && row == rows * TAP_ROW_PERMILLE / 1000;
}

void imx6_dma_tap(IMX6DMA *dma, uint64_t frame, unsigned row, unsigned rows,
                  const uint8_t *luma, unsigned width)
{
    g_autofree char *hex = NULL;

    if (!imx6_dma_tap_wants(row, rows)) {
        return;
    }
    hex = g_malloc(2 * width + 1);
    for (unsigned i = 0; i < width; i++) {
        hex[2 * i] = "0123456789abcdef"[luma[i] >> 4];
        hex[2 * i + 1] = "0123456789abcdef"[luma[i] & 15];
    }
    hex[2 * width] = '\0';
    line("tap %s %" PRIu64 " %u %u %s", dma->name, frame, width, rows, hex);
}

void imx6_dma_record_note(const char *what, uint64_t value)
{
    if (record) {
        line("note %s %" PRIu64, what, value);
    }
}

bool imx6_dma_record_open(const char *path, Error **errp)
{
    IMX6DMA *dma;

    imx6_dma_record_close();
    record = fopen(path, "w");
    if (!record) {
        error_setg_errno(errp, errno, "cannot write the record %s", path);
        return false;
    }
    QTAILQ_FOREACH(dma, &ports, next) {
        start_recording(dma);
    }
    return true;
}

static void list_pages(IMX6DMA *dma, const char *how, unsigned long *pages)
{
    unsigned long first = 0, end;

    for (;;) {
        first = find_next_bit(pages, BUS_PAGES, first);
        if (first >= BUS_PAGES) {
            return;
        }
        end = find_next_zero_bit(pages, BUS_PAGES, first);
        line("pages %s %s %lu %lu", dma->name, how, first, end - first);
        first = end;
    }
}

void imx6_dma_record_close(void)
{
    IMX6DMA *dma;

    if (!record) {
        return;
    }
    QTAILQ_FOREACH(dma, &ports, next) {
        list_pages(dma, "read", dma->pages_read);
        list_pages(dma, "write", dma->pages_written);
        g_clear_pointer(&dma->pages_read, g_free);
        g_clear_pointer(&dma->pages_written, g_free);
    }
    fclose(record);
    record = NULL;
}
