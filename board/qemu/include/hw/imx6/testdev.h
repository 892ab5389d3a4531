/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HW_IMX6_TESTDEV_H
#define HW_IMX6_TESTDEV_H

/*
 * In no silicon: a register page through which a test on the emulated board
 * talks to the host. At an address the reference manual reserves
 * (IMX6DQRM table 2-1), so that nothing on a real board is there.
 */
#define TYPE_IMX6_TESTDEV "imx6-testdev"
#define IMX6_TESTDEV_ADDR 0x00138000

/**
 * imx6_testdev_frame_done: a display tells that a whole frame was scanned out
 * @head: "ipu1-di0", "ipu1-di1", "ipu2-di0", "ipu2-di1"
 * @xrgb: the frame, @stride bytes a row, 32 bits a pixel, 0x00RRGGBB
 *
 * If the guest asked for a screenshot of that head it is written now, from
 * this very frame: <shot-dir>/<head>-<number>.ppm.
 */
void imx6_testdev_frame_done(const char *head, const uint32_t *xrgb,
                             unsigned width, unsigned height, size_t stride);

#endif
