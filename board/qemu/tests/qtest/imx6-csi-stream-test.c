/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of a running capture, OV5640 to memory: frame rate, hand-over of
 * buffers, interrupts, when memory is written, stop, save and load.
 *
 * Expectations: the hand-over as drivers/staging/media/imx/imx-media-csi.c
 * and drivers/gpu/ipu-v3/ipu-common.c of Linux rely on it; the frame rate as
 * in ov5640_get_sysclk(); numbers in the picture: docs/test-card.md.
 */

#include "qemu/osdep.h"
#include "imx6-camera-qtest.h"

#define VGA_BYTES       (640 * 480 * 2)
#define FRAME_WAIT      (VGA_FRAME_NS * 2)
#define MARK            0x3c            /* what buffers are filled with */

static const uint32_t bufs[] = { BUF0, BUF1 };

static void mark(QTestState *q, unsigned buf)
{
    qtest_memset(q, bufs[buf], MARK, VGA_BYTES);
}

/* Rows of a buffer that are not as mark() left them: first to last written */
static unsigned rows_written(QTestState *q, unsigned buf)
{
    unsigned rows = 0;

    for (unsigned y = 0; y < 480; y++) {
        if (qtest_readb(q, bufs[buf] + y * 1280) != MARK) {
            g_assert_cmpuint(y, ==, rows);      /* in order, no hole */
            rows++;
        }
    }
    return rows;
}

static unsigned current(QTestState *q)
{
    return qtest_readl(q, IPU_CHA_CUR_BUF) & 1;
}

static bool ready(QTestState *q, unsigned buf)
{
    return qtest_readl(q, IPU_CHA_BUF_RDY(buf)) & 1;
}

static bool busy(QTestState *q)
{
    return qtest_readl(q, IDMAC_CHA_BUSY) & 1;
}

static QTestState *start(const char *args)
{
    QTestState *q = imx6_init_irq(args);

    camera_start(q, &(SensorMode) {}, &(Capture) {});
    return q;
}

/*
 * HTS * VTS / sclk, from EOF to EOF, and no drift over 40 frames: the n-th
 * is at n times the exact period, to the nanosecond.
 */
static void test_rate(void)
{
    QTestState *q = start("");
    int64_t first = capture_wait(q, INT_EOF, FRAME_WAIT);

    g_assert_cmpint(first, >, 0);
    for (int n = 1; n <= 40; n++) {
        int64_t t, want = n * 1600ll * 1000 * 1000000000 / VGA_SCLK;

        capture_ready(q, 0);
        capture_ready(q, 1);
        t = capture_wait(q, INT_EOF, FRAME_WAIT) - first;
        g_assert_cmpint(ABS(t - want), <=, 1);
    }
    qtest_quit(q);
}

/*
 * The registers give the rate: by pre-divider (22 MHz / 6, and half the bit
 * rate: hsfreq_map's 0x44 is 180 to 200 Mbit/s), root divider, and VTS.
 */
static void test_rates(void)
{
    static const struct {
        uint16_t reg;
        uint16_t value;
        uint8_t hsfreq;
        unsigned tenths;        /* of VGA_FRAME_NS */
    } changes[] = {
        { 0x3036, 0x6916, 0x44, 20 },
        { 0x3108, 0x0200, HSFREQ_400, 20 },
        { 0x380e, 1100, HSFREQ_400, 11 },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(changes); i++) {
        QTestState *q = imx6_init("");
        int64_t t;

        ov5640_setup(q, &(SensorMode) {});
        ov5640_write16(q, changes[i].reg, changes[i].value);
        csi2_on(q, 2, changes[i].hsfreq);
        capture_setup(q, &(Capture) {});
        capture_ready(q, 0);
        capture_ready(q, 1);
        capture_enable(q);
        ov5640_stream(q, true);
        t = -capture_wait(q, INT_EOF, 3 * FRAME_WAIT);
        t += capture_wait(q, INT_EOF, 3 * FRAME_WAIT);
        g_assert_cmpint(ABS(t - VGA_FRAME_NS * changes[i].tenths / 10), <=, 2);
        qtest_quit(q);
    }
}

/*
 * Every frame, in order, alternately in both buffers. At EOF the pointer is
 * at the other buffer already (ipu_idmac_get_current_buffer() is asked in
 * the handler) and the finished one is not ready any more.
 */
static void test_double_buffer(void)
{
    QTestState *q = start("");

    g_assert_cmpuint(current(q), ==, 0);
    for (int n = 0; n < 12; n++) {
        unsigned buf = n & 1;

        g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), >, 0);
        g_assert_cmpuint(current(q), ==, !buf);
        g_assert_false(ready(q, buf));
        g_assert_true(ready(q, !buf));
        g_assert_cmpint(uyvy_number(q, bufs[buf]), ==, n);
        capture_ready(q, buf);
    }
    /* not one was missing */
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_NFB4EOF)) & 1, ==, 0);
    qtest_quit(q);
}

/* One buffer: it is used again and again, when it is ready. */
static void test_single_buffer(void)
{
    QTestState *q = imx6_init("");

    camera_start(q, &(SensorMode) {}, &(Capture) { .single = true });
    for (int n = 0; n < 3; n++) {
        g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), >, 0);
        g_assert_cmpuint(current(q), ==, 0);
        g_assert_false(ready(q, 0));
        g_assert_cmpint(uyvy_number(q, BUF0), ==, n);
        capture_ready(q, 0);
    }
    qtest_quit(q);
}

/*
 * No ready buffer when a frame begins: NFB4EOF, the frame is lost as a whole
 * even if a buffer comes in the middle, and the next one fills it.
 */
static void test_drop(void)
{
    QTestState *q = start("");
    int64_t t0, t1;

    t0 = capture_wait(q, INT_EOF, FRAME_WAIT);          /* 0 in buffer 0 */
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), >, t0);
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_NFB4EOF)) & 1, ==, 0);
    mark(q, 0);
    mark(q, 1);

    t1 = capture_wait(q, INT_NFB4EOF, FRAME_WAIT);      /* 2 begins */
    g_assert_cmpint(t1, >, 0);
    g_assert_false(busy(q));
    capture_ready(q, 0);
    qtest_clock_step(q, VGA_FRAME_NS * 3 / 4);          /* ... and is over */
    g_assert_cmpuint(rows_written(q, 0), ==, 0);
    g_assert_cmpuint(rows_written(q, 1), ==, 0);
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_EOF)) & 1, ==, 0);

    t1 = capture_wait(q, INT_EOF, FRAME_WAIT);
    g_assert_cmpint(uyvy_number(q, BUF0), ==, 3);       /* 2 is missing */
    g_assert_cmpint(ABS(t1 - t0 - 3 * VGA_FRAME_NS), <=, 3);
    g_assert_cmpuint(rows_written(q, 1), ==, 0);

    /* the other buffer's turn: ready or not is its own */
    capture_ready(q, 0);
    g_assert_cmpint(capture_wait(q, INT_NFB4EOF, FRAME_WAIT), >, t1);
    capture_ready(q, 1);
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), >, t1);
    g_assert_cmpint(uyvy_number(q, BUF1), ==, 5);
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), >, t1);
    g_assert_cmpint(uyvy_number(q, BUF0), ==, 6);
    qtest_quit(q);
}

/* NFACK and busy from a frame's first line to its last, then EOF */
static void test_order(void)
{
    QTestState *q = start("");
    int64_t begin, end;

    g_assert_false(busy(q));
    begin = capture_wait(q, INT_NFACK, FRAME_WAIT);
    g_assert_cmpint(begin, >, 0);
    g_assert_true(busy(q));
    g_assert_true(ready(q, 0));
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_EOF)) & 1, ==, 0);
    end = capture_wait(q, INT_EOF, FRAME_WAIT);
    g_assert_false(busy(q));
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_NFACK)) & 1, ==, 0);
    /* 480 of 1000 lines, less the first band */
    g_assert_cmpint(end - begin, <=, VGA_FRAME_NS * 480 / 1000);
    g_assert_cmpint(end - begin, >=, VGA_FRAME_NS * 440 / 1000);
    qtest_quit(q);
}

/* A frame grows from the top, in at least 16 steps over its active time. */
static void test_bands(void)
{
    QTestState *q = imx6_init("");
    unsigned rows = 0, steps = 0;
    int64_t t, end;

    mark(q, 0);
    camera_start(q, &(SensorMode) {}, &(Capture) {});
    t = capture_wait(q, INT_NFACK, FRAME_WAIT);
    end = t + VGA_FRAME_NS * 480 / 1000;
    rows = rows_written(q, 0);
    g_assert_cmpuint(rows, <=, 30);
    steps = rows != 0;
    while (!(qtest_readl(q, IPU_INT_STAT(INT_EOF)) & 1)) {
        unsigned now;

        t = qtest_clock_step_next(q);
        g_assert_cmpint(t, <=, end);
        now = rows_written(q, 0);
        g_assert_cmpuint(now, >=, rows);
        g_assert_cmpuint(now - rows, <=, 30);
        steps += now != rows;
        rows = now;
    }
    g_assert_cmpuint(rows, ==, 480);
    g_assert_cmpuint(steps, >=, 16);
    qtest_quit(q);
}

/* An enabled interrupt is a level at the GIC until its bit is cleared. */
static void test_irq(void)
{
    QTestState *q = start("");

    qtest_clock_step(q, 3 * VGA_FRAME_NS + VGA_FRAME_NS * 3 / 4);
    /* bits latch while masked; the third frame had no buffer */
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_EOF)), ==, 1);
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_NFB4EOF)), ==, 1);
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU1_SYNC));
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU1_ERROR));

    qtest_writel(q, IPU_INT_CTRL(INT_EOF), 1);
    g_assert_true(imx6_spi(q, IMX6_SPI_IPU1_SYNC));
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU1_ERROR));
    qtest_writel(q, IPU_INT_STAT(INT_EOF), 0xfffffffe); /* not this bit */
    g_assert_true(imx6_spi(q, IMX6_SPI_IPU1_SYNC));
    qtest_writel(q, IPU_INT_STAT(INT_EOF), 1);
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU1_SYNC));

    qtest_writel(q, IPU_INT_CTRL(INT_NFB4EOF), 1);
    g_assert_true(imx6_spi(q, IMX6_SPI_IPU1_ERROR));
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU1_SYNC));
    qtest_writel(q, IPU_INT_CTRL(INT_NFB4EOF), 0);
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU1_ERROR));
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU2_SYNC));
    g_assert_false(imx6_spi(q, IMX6_SPI_IPU2_ERROR));

    /* with the interrupt on: high at the EOF itself */
    capture_ready(q, 0);
    capture_ready(q, 1);
    while (!imx6_spi(q, IMX6_SPI_IPU1_SYNC)) {
        g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_EOF)), ==, 0);
        qtest_clock_step_next(q);
    }
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_EOF)), ==, 1);
    qtest_quit(q);
}

/* ipu_idmac_clear_buffer(): GPR makes a written 1 clear a ready bit. */
static void test_clear_ready(void)
{
    QTestState *q = imx6_init("");

    imx6_pll2_on(q);
    capture_ready(q, 0);
    capture_ready(q, 1);
    qtest_writel(q, IPU_CHA_BUF_RDY(0), 0);             /* sets nothing */
    g_assert_true(ready(q, 0));
    qtest_writel(q, IPU_GPR, 0xf0300000);
    qtest_writel(q, IPU_CHA_BUF_RDY(0), 1);
    qtest_writel(q, IPU_GPR, 0);
    g_assert_false(ready(q, 0));
    g_assert_true(ready(q, 1));
    qtest_quit(q);
}

/* A capture switched on in the middle of a frame begins with the next. */
static void test_late_start(void)
{
    QTestState *q = imx6_init("");

    ov5640_setup(q, &(SensorMode) {});
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) {});
    capture_ready(q, 0);
    ov5640_stream(q, true);
    qtest_clock_step(q, VGA_FRAME_NS * 3 / 4);          /* in frame 0 */
    mark(q, 0);
    capture_enable(q);
    qtest_clock_step(q, VGA_FRAME_NS / 2);              /* after frame 0 */
    g_assert_cmpuint(rows_written(q, 0), ==, 0);
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), >, 0);
    g_assert_cmpint(uyvy_number(q, BUF0), ==, 1);
    qtest_quit(q);
}

/*
 * csi_idmac_stop(): after the CSI is off nothing is written any more, and
 * with the channel off it is not busy.
 */
static void test_stop(void)
{
    QTestState *q = imx6_init("");
    unsigned rows;

    mark(q, 0);
    camera_start(q, &(SensorMode) {}, &(Capture) {});
    qtest_clock_step(q, VGA_FRAME_NS * 3 / 4);
    rows = rows_written(q, 0);
    g_assert_cmpuint(rows, >, 0);
    g_assert_cmpuint(rows, <, 480);
    imx6_update(q, IPU_CONF, CONF_CSI0_EN, 0);
    qtest_clock_step(q, 2 * VGA_FRAME_NS);
    g_assert_cmpuint(rows_written(q, 0), ==, rows);
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_EOF)) & 1, ==, 0);
    qtest_writel(q, IDMAC_CHA_EN, 0);
    g_assert_false(busy(q));

    /* and from the beginning: the sensor went on counting */
    qtest_writel(q, IDMAC_CHA_EN, 1);
    capture_ready(q, 0);
    imx6_update(q, IPU_CONF, 0, CONF_CSI0_EN);
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), >, 0);
    g_assert_cmpint(uyvy_number(q, BUF0), ==, 3);
    qtest_quit(q);
}

/* With the channel off, frames go nowhere. */
static void test_channel_off(void)
{
    QTestState *q = imx6_init("");

    mark(q, 0);
    camera_start(q, &(SensorMode) {}, &(Capture) {});
    qtest_writel(q, IDMAC_CHA_EN, 0);
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), ==, -1);
    g_assert_cmpuint(rows_written(q, 0), ==, 0);
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_NFB4EOF)) & 1, ==, 0);
    qtest_quit(q);
}

/* CCGR3's gate of IPU1: no register answers, nothing is written. */
static void test_gated(void)
{
    QTestState *q = imx6_init("");

    mark(q, 0);
    camera_start(q, &(SensorMode) {}, &(Capture) {});
    g_assert_cmphex(qtest_readl(q, CSI_SENS_FRM_SIZE), ==, 479 << 16 | 639);
    imx6_gate(q, 3, 0, false);
    g_assert_cmphex(qtest_readl(q, CSI_SENS_FRM_SIZE), ==, 0);
    g_assert_cmphex(qtest_readl(q, IPU_CONF), ==, 0);
    qtest_writel(q, CSI_SENS_FRM_SIZE, 0x12345);
    qtest_clock_step(q, 2 * VGA_FRAME_NS);
    imx6_gate(q, 3, 0, true);
    g_assert_cmphex(qtest_readl(q, CSI_SENS_FRM_SIZE), ==, 479 << 16 | 639);
    g_assert_cmpuint(rows_written(q, 0), ==, 0);
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_EOF)) & 1, ==, 0);
    qtest_quit(q);
}

typedef struct Seen {
    int64_t eof[4];
    int number[4];
    uint8_t last[VGA_BYTES];
} Seen;

/* Frames from the middle of frame 1 on, with or without a new process */
static void watch(Seen *seen, bool migrate)
{
    QTestState *q = imx6_init("");

    camera_start(q, &(SensorMode) {}, &(Capture) {});
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), >, 0);
    capture_ready(q, 0);
    qtest_clock_step(q, VGA_FRAME_NS * 3 / 4);
    g_assert_true(busy(q));
    if (migrate) {
        q = imx6_migrate(q, "");
        g_assert_true(busy(q));
    }
    for (unsigned n = 0; n < 4; n++) {
        unsigned buf = !(n & 1);

        seen->eof[n] = capture_wait(q, INT_EOF, FRAME_WAIT);
        seen->number[n] = uyvy_number(q, bufs[buf]);
        qtest_memread(q, bufs[buf], seen->last, VGA_BYTES);
        capture_ready(q, buf);
    }
    g_assert_cmphex(ov5640_read(q, 0x300a), ==, 0x56);
    qtest_quit(q);
}

/* Saved and loaded in mid-frame, the stream goes on as if nothing was. */
static void test_migration(void)
{
    g_autofree Seen *here = g_new0(Seen, 1);
    g_autofree Seen *there = g_new0(Seen, 1);

    watch(here, false);
    watch(there, true);
    for (int n = 0; n < 4; n++) {
        g_assert_cmpint(here->number[n], ==, n + 1);
        g_assert_cmpint(there->number[n], ==, here->number[n]);
        g_assert_cmpint(there->eof[n], ==, here->eof[n]);
    }
    g_assert_cmpint(memcmp(here->last, there->last, VGA_BYTES), ==, 0);
}

/*
 * A frame is cut off, the next stream has fewer lines than had gone out of it:
 * before its first frame, that is a state like any other.
 */
static void test_migration_restart(void)
{
    QTestState *q = start("");

    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), >, 0);
    g_assert_cmpint(capture_wait(q, INT_NFACK, FRAME_WAIT), >, 0);
    qtest_clock_step(q, VGA_FRAME_NS * 2 / 5);
    ov5640_stream(q, false);
    ov5640_write16(q, 0x3808, 320);
    ov5640_write16(q, 0x380a, 120);
    ov5640_stream(q, true);
    q = imx6_migrate(q, "");
    g_assert_cmphex(ov5640_read(q, 0x380b), ==, 120);
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-csi-stream/rate", test_rate);
    qtest_add_func("/imx6-csi-stream/rates", test_rates);
    qtest_add_func("/imx6-csi-stream/double-buffer", test_double_buffer);
    qtest_add_func("/imx6-csi-stream/single-buffer", test_single_buffer);
    qtest_add_func("/imx6-csi-stream/drop", test_drop);
    qtest_add_func("/imx6-csi-stream/order", test_order);
    qtest_add_func("/imx6-csi-stream/bands", test_bands);
    qtest_add_func("/imx6-csi-stream/irq", test_irq);
    qtest_add_func("/imx6-csi-stream/clear-ready", test_clear_ready);
    qtest_add_func("/imx6-csi-stream/late-start", test_late_start);
    qtest_add_func("/imx6-csi-stream/stop", test_stop);
    qtest_add_func("/imx6-csi-stream/channel-off", test_channel_off);
    qtest_add_func("/imx6-csi-stream/gated", test_gated);
    qtest_add_func("/imx6-csi-stream/migration", test_migration);
    qtest_add_func("/imx6-csi-stream/migration-restart",
                   test_migration_restart);
    return g_test_run();
}
