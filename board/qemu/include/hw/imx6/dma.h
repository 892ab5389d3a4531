/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bus master port of a modelled block, with a recorder.
 *
 * Every block that reads or writes memory does so through one of these, so
 * that a run can show which physical pages each block touched and what
 * picture passed through it. The recorder only writes down; judging is left
 * to the host.
 */
#ifndef HW_IMX6_DMA_H
#define HW_IMX6_DMA_H

#include "exec/memattrs.h"
#include "exec/hwaddr.h"
#include "hw/qdev-core.h"

typedef struct IMX6DMA {
    const char *name;
    /* One bit a 4 KiB page of the 4 GiB bus; NULL while not recording. */
    unsigned long *pages_read;
    unsigned long *pages_written;
    /* A fault switch of the device: no transfer gets through. */
    bool read_fault;
    bool write_fault;
    QTAILQ_ENTRY(IMX6DMA) next;
} IMX6DMA;

/**
 * imx6_dma_init: set up a port; call once, at realize
 * @dma: the port, part of the device's state, zeroed
 * @name: shown in the record, such as "ipu1-idmac"; kept, not copied
 */
void imx6_dma_init(IMX6DMA *dma, const char *name);

/**
 * imx6_dma_read: read memory as this bus master
 * @addr: physical address
 *
 * A failed transfer (nothing there) returns the error and leaves @buf zeroed.
 */
MemTxResult imx6_dma_read(IMX6DMA *dma, hwaddr addr, void *buf, size_t len);
MemTxResult imx6_dma_write(IMX6DMA *dma, hwaddr addr, const void *buf,
                           size_t len);

/**
 * imx6_dma_tap: offer one row of a picture to the record
 * @dma: the port the picture passes through
 * @frame: the block's own frame or job number
 * @row: number of this row, from 0
 * @rows: rows of the whole picture
 * @luma: @width samples, 0..255, one a pixel
 *
 * Written down only while a record is open and only for the row that the
 * record asks for (the test card's number strip), so that the host can read
 * the frame number which passed here. Cheap otherwise: guard the conversion
 * to luma with imx6_dma_tap_wants().
 */
void imx6_dma_tap(IMX6DMA *dma, uint64_t frame, unsigned row, unsigned rows,
                  const uint8_t *luma, unsigned width);
bool imx6_dma_tap_wants(unsigned row, unsigned rows);

/* Used by the test device: open and close the record of this machine. */
bool imx6_dma_record_open(const char *path, Error **errp);
void imx6_dma_record_close(void);
void imx6_dma_record_note(const char *what, uint64_t value);

#endif
