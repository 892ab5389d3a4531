/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qtest of what IPU1's CSI0 and IDMAC channel 0 make of the camera's picture:
 * formats in memory, crop, downsizing, skipping, routes and test generator.
 *
 * Expectations: drivers/gpu/ipu-v3/ipu-csi.c and ipu-cpmem.c,
 * drivers/staging/media/imx/imx-media-csi.c and imx6-mipi-csi2.c of Linux;
 * the picture: docs/test-card.md; its colours: 75 % bars of BT.601.
 */

#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "imx6-camera-qtest.h"

#define FRAME_WAIT      (VGA_FRAME_NS * 2)
#define MARK            0x3c

/* A row of the colour bars that the square is not yet in: 60 % */
#define BARS_ROW(h)     ((h) * 60 / 100)
/* The middle of one of the eight bars; even */
#define BAR_X(w, n)     ((2 * (n) + 1) * (w) / 16 & ~1u)

/* White, yellow, cyan, green, magenta, red, blue, black, ITU-R BT.601 */
static const uint8_t bars[8][3] = {
    { 180, 128, 128 }, { 162, 44, 142 }, { 131, 156, 44 }, { 112, 72, 58 },
    { 84, 184, 198 }, { 65, 100, 212 }, { 35, 212, 114 }, { 16, 128, 128 },
};

static void run(QTestState *q)
{
    capture_ready(q, 0);
    capture_ready(q, 1);
    capture_enable(q);
    ov5640_stream(q, true);
}

static QTestState *start(const SensorMode *mode, const Capture *c)
{
    QTestState *q = imx6_init("");

    qtest_memset(q, BUF0, MARK, 0x180000);
    camera_start(q, mode, c);
    return q;
}

static void assert_frame(QTestState *q)
{
    g_assert_cmpint(capture_wait(q, INT_EOF, FRAME_WAIT), >, 0);
}

/* Nothing comes, and nothing is written. */
static void assert_nothing(QTestState *q)
{
    g_assert_cmpint(capture_wait(q, INT_EOF, 2 * FRAME_WAIT), ==, -1);
    for (unsigned i = 0; i < 480 * 1280; i += 1280 * 16) {
        g_assert_cmphex(qtest_readl(q, BUF0 + i), ==, 0x01010101u * MARK);
    }
}

static void assert_yuv(const uint8_t *y, const uint8_t *u, const uint8_t *v,
                       unsigned bar)
{
    g_assert_cmpuint(*y, ==, bars[bar][0]);
    g_assert_cmpuint(*u, ==, bars[bar][1]);
    g_assert_cmpuint(*v, ==, bars[bar][2]);
}

/* Packed 4:2:2 in memory: "luma" is the offset of Y in a pixel. */
static void check_packed(const SensorMode *mode, const Capture *c,
                         uint32_t gasket, unsigned luma)
{
    QTestState *q = imx6_init("");
    unsigned u = !luma;

    ov5640_setup(q, mode);
    csi2_on(q, 2, HSFREQ_400);
    qtest_writel(q, CSI2_GASKET, gasket);
    capture_setup(q, c);
    run(q);
    assert_frame(q);
    g_assert_cmpint(picture_number(q, BUF0, luma, 2, 640, 1280, 480), ==, 0);
    for (unsigned i = 0; i < 8; i++) {
        uint8_t p[4];

        qtest_memread(q, BUF0 + BARS_ROW(480) * 1280 + BAR_X(640, i) * 2,
                      p, 4);
        assert_yuv(&p[luma], &p[u], &p[u + 2], i);
        assert_yuv(&p[luma + 2], &p[u], &p[u + 2], i);
    }
    assert_frame(q);
    g_assert_cmpint(picture_number(q, BUF1, luma, 2, 640, 1280, 480), ==, 1);
    qtest_quit(q);
}

/* UYVY8_1X16 over CSI-2, as ipu-csi.c has it: generic 16 bit data */
static void test_uyvy(void)
{
    check_packed(&(SensorMode) {}, &(Capture) {}, 0, 1);
}

/* The same wire, YUYV in memory: the IDMAC packs. */
static void test_yuyv(void)
{
    check_packed(&(SensorMode) {}, &(Capture) { .pfs = PFS_YUYV }, 0, 0);
}

/* YUYV on the wire (0x4300 of 0x30), of which the gasket has to know */
static void test_yuyv_wire(void)
{
    check_packed(&(SensorMode) { .format = 0x30 }, &(Capture) {},
                 GASKET_YUYV, 1);
}

/* The SDK's way: YUV 4:2:2 of 8 bits at the CSI */
static void test_yuv422_8(void)
{
    check_packed(&(SensorMode) {}, &(Capture) {
        .sens_conf = SENS_FMT(FMT_YUV422_UYVY) | SENS_WIDTH_8,
    }, 0, 1);
}

/* Semi-planar 4:2:0; odd rows of chroma are left out (RDRW). */
static void test_nv12(void)
{
    QTestState *q = start(&(SensorMode) {}, &(Capture) {
        .pfs = PFS_NV12, .stride = 640,
    });

    assert_frame(q);
    g_assert_cmpint(picture_number(q, BUF0, 0, 1, 640, 640, 480), ==, 0);
    for (unsigned i = 0; i < 8; i++) {
        uint32_t x = BAR_X(640, i);
        uint8_t y, uv[2];

        y = qtest_readb(q, BUF0 + BARS_ROW(480) * 640 + x);
        qtest_memread(q, BUF0 + 640 * 480 + BARS_ROW(480) / 2 * 640 + x,
                      uv, 2);
        assert_yuv(&y, &uv[0], &uv[1], i);
    }
    /* chroma of the floor's last row; nothing behind the picture */
    g_assert_cmphex(qtest_readb(q, BUF0 + 640 * 480 * 3 / 2 - 1), ==, 128);
    g_assert_cmphex(qtest_readb(q, BUF0 + 640 * 480 * 3 / 2), ==, MARK);
    assert_frame(q);
    g_assert_cmpint(picture_number(q, BUF1, 0, 1, 640, 640, 480), ==, 1);
    qtest_quit(q);
}

/*
 * Which row of a pair gives the chroma: the square of frame 0 begins in an
 * odd row, which RDRW leaves out.
 */
static void test_odd_chroma(void)
{
    QTestState *q = start(&(SensorMode) {}, &(Capture) {
        .pfs = PFS_NV12, .stride = 640,
    });
    unsigned top = 480 * 6 / 100;
    uint8_t uv[2];

    assert_frame(q);
    while (qtest_readb(q, BUF0 + top * 640 + 20) == bars[0][0]) {
        top++;
    }
    g_assert_cmpuint(top & 1, ==, 1);           /* or this tests nothing */
    g_assert_cmpuint(top, <, 40);
    qtest_memread(q, BUF0 + 640 * 480 + top / 2 * 640 + 20, uv, 2);
    g_assert_cmpuint(uv[0], ==, bars[0][1]);
    g_assert_cmpuint(uv[1], ==, bars[0][2]);
    qtest_memread(q, BUF0 + 640 * 480 + (top / 2 + 1) * 640 + 20, uv, 2);
    g_assert_cmpuint(uv[1], !=, bars[0][2]);
    qtest_quit(q);
}

static void test_yuv420p(void)
{
    QTestState *q = start(&(SensorMode) {}, &(Capture) {
        .pfs = PFS_YUV420P, .stride = 640,
    });
    uint32_t ubo = BUF0 + 640 * 480, vbo = ubo + 640 * 480 / 4;

    assert_frame(q);
    g_assert_cmpint(picture_number(q, BUF0, 0, 1, 640, 640, 480), ==, 0);
    for (unsigned i = 0; i < 8; i++) {
        uint32_t x = BAR_X(640, i), row = BARS_ROW(480) / 2 * 320;
        uint8_t y = qtest_readb(q, BUF0 + BARS_ROW(480) * 640 + x);
        uint8_t u = qtest_readb(q, ubo + row + x / 2);
        uint8_t v = qtest_readb(q, vbo + row + x / 2);

        assert_yuv(&y, &u, &v, i);
    }
    qtest_quit(q);
}

/* ITU-R BT.601, limited range to full range */
static unsigned rgb_of(unsigned bar, unsigned component)
{
    double y = 1.164 * (bars[bar][0] - 16);
    double u = bars[bar][1] - 128.0, v = bars[bar][2] - 128.0;
    double rgb[3] = { y + 1.596 * v, y - 0.391 * u - 0.813 * v,
                      y + 2.018 * u };

    return CLAMP(rgb[component] + 0.5, 0, 255);
}

/* ipu_cpmem_set_format_rgb() with a pixel's components at @offset */
static void set_rgb(QTestState *q, unsigned bits, const unsigned *offset,
                    const unsigned *length)
{
    for (unsigned i = 0; i < 3; i++) {
        cpmem_set(q, 0, CP_WID(i), length[i] - 1);
        cpmem_set(q, 0, CP_OFS(i), bits - length[i] - offset[i]);
    }
    cpmem_set(q, 0, CP_BPP, bits == 32 ? 0 : 3);
}

/* RGB888 on the wire, XRGB8888 in memory */
static void test_rgb888(void)
{
    QTestState *q = imx6_init("");

    ov5640_setup(q, &(SensorMode) {
        .width = 320, .height = 240, .format = 0x23, .mux = 1,
    });
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) {
        .width = 320, .height = 240, .stride = 1280, .pfs = PFS_RGB,
        .dt = DT_RGB888, .sens_conf = SENS_FMT(FMT_RGB_YUV444) | SENS_WIDTH_8,
    });
    set_rgb(q, 32, (unsigned[]) { 16, 8, 0 }, (unsigned[]) { 8, 8, 8 });
    run(q);
    assert_frame(q);
    g_assert_cmpint(picture_number(q, BUF0, 1, 4, 320, 1280, 240), ==, 0);
    for (unsigned i = 0; i < 8; i++) {
        uint32_t pixel = qtest_readl(q, BUF0 + BARS_ROW(240) * 1280 +
                                     BAR_X(320, i) * 4);

        for (unsigned c = 0; c < 3; c++) {
            int have = pixel >> (16 - 8 * c) & 0xff;

            g_assert_cmpint(ABS(have - (int)rgb_of(i, c)), <=, 2);
        }
    }
    qtest_quit(q);
}

/* RGB565 (0x4300 of 0x6f) on the wire and in memory */
static void test_rgb565(void)
{
    QTestState *q = imx6_init("");

    ov5640_setup(q, &(SensorMode) { .format = 0x6f, .mux = 1 });
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) {
        .pfs = PFS_RGB, .dt = DT_RGB565,
        .sens_conf = SENS_FMT(FMT_RGB565) | SENS_WIDTH_8,
    });
    set_rgb(q, 16, (unsigned[]) { 11, 5, 0 }, (unsigned[]) { 5, 6, 5 });
    run(q);
    assert_frame(q);
    for (unsigned i = 0; i < 8; i++) {
        uint16_t pixel = qtest_readw(q, BUF0 + BARS_ROW(480) * 1280 +
                                     BAR_X(640, i) * 2);

        g_assert_cmpint(ABS((pixel >> 11) - (int)rgb_of(i, 0) / 8), <=, 1);
        g_assert_cmpint(ABS((pixel >> 5 & 63) - (int)rgb_of(i, 1) / 4), <=, 1);
        g_assert_cmpint(ABS((pixel & 31) - (int)rgb_of(i, 2) / 8), <=, 1);
    }
    qtest_quit(q);
}

/*
 * RGB555 (0x4300 of 0x70) and RGB444 (0x90), which CSI-2 carries in the places
 * of RGB565: what is padding there does not reach memory.
 */
static void check_narrow_rgb(uint8_t format, uint8_t dt, unsigned fmt,
                             unsigned bits)
{
    QTestState *q = imx6_init("");
    unsigned most = (1u << bits) - 1;

    ov5640_setup(q, &(SensorMode) { .format = format, .mux = 1 });
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) {
        .stride = 2560, .pfs = PFS_RGB, .dt = dt,
        .sens_conf = SENS_FMT(fmt) | SENS_WIDTH_8,
    });
    set_rgb(q, 32, (unsigned[]) { 16, 8, 0 }, (unsigned[]) { 8, 8, 8 });
    run(q);
    assert_frame(q);
    g_assert_cmpint(picture_number(q, BUF0, 1, 4, 640, 2560, 480), ==, 0);
    for (unsigned i = 0; i < 8; i++) {
        uint32_t pixel = qtest_readl(q, BUF0 + BARS_ROW(480) * 2560 +
                                     BAR_X(640, i) * 4);

        for (unsigned c = 0; c < 3; c++) {
            unsigned have = pixel >> (16 - 8 * c) & 0xff;
            unsigned want = (unsigned)rgb_of(i, c) >> (8 - bits);

            /* as many levels as there are bits, from 0 to 255 */
            g_assert_cmpint(ABS((int)(have >> (8 - bits)) - (int)want), <=, 1);
            g_assert_cmpuint(have, ==, have >> (8 - bits) << (8 - bits) |
                             have >> bits);
            g_assert_true(want != most || have >= 255 - 255 / most);
        }
    }
    qtest_quit(q);
}

static void test_rgb555(void)
{
    check_narrow_rgb(0x70, DT_RGB555, FMT_RGB555, 5);
}

static void test_rgb444(void)
{
    check_narrow_rgb(0x90, DT_RGB444, FMT_RGB444, 4);
}

/* Ten bits (0x3034 of 0x1a): four bytes and their low bits to words of 16 */
static void test_raw10(void)
{
    QTestState *q = imx6_init("");
    uint16_t row[640];
    uint8_t high[640];

    ov5640_setup(q, &(SensorMode) { .mux = 3 });
    ov5640_write(q, 0x3034, 0x1a);
    ov5640_write(q, 0x4300, 0);
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) {
        .stride = 1280, .pfs = PFS_RAW, .bpp = 3, .dt = DT_RAW10,
        .sens_conf = SENS_FMT(FMT_BAYER) | SENS_WIDTH_10,
    });
    run(q);
    assert_frame(q);
    qtest_memread(q, BUF0 + 14 * 1280, row, sizeof(row));
    for (unsigned x = 0; x < 640; x++) {
        uint16_t sample = le16_to_cpu(row[x]);

        high[x] = sample >> 8;
        g_assert_cmphex(sample & 0x3f, ==, 0);
        g_assert_cmphex(sample >> 6 & 3, ==, high[x] >> 6);
    }
    g_assert_cmpint(strip_number(high, 1, 640), ==, 0);
    qtest_quit(q);
}

/* Generic data of 8 bits is bytes, whatever the packets hold. */
static void test_generic8(void)
{
    QTestState *q = imx6_init("");

    ov5640_setup(q, &(SensorMode) {});
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) {
        .width = 1280, .stride = 1280, .pfs = PFS_RAW, .bpp = 5,
        .sens_conf = SENS_FMT(FMT_BAYER) | SENS_WIDTH_8,
    });
    run(q);
    assert_frame(q);
    g_assert_cmpint(uyvy_number(q, BUF0), ==, 0);
    qtest_quit(q);
}

/* Bayer data, BGGR (0x4300 of 0): passed through as bytes */
static void test_raw8(void)
{
    QTestState *q = imx6_init("");
    uint8_t p[2][2];

    ov5640_setup(q, &(SensorMode) { .mux = 3 });
    ov5640_write(q, 0x4300, 0);
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) {
        .stride = 640, .pfs = PFS_RAW, .bpp = 5, .dt = DT_RAW8,
        .sens_conf = SENS_FMT(FMT_BAYER) | SENS_WIDTH_8,
    });
    run(q);
    assert_frame(q);
    g_assert_cmpint(picture_number(q, BUF0, 0, 1, 640, 640, 480), ==, 0);
    for (unsigned i = 0; i < 2; i++) {          /* the red bar */
        qtest_memread(q, BUF0 + (BARS_ROW(480) + i) * 640 + BAR_X(640, 5),
                      p[i], 2);
    }
    g_assert_cmpuint(p[0][0], <=, 2);           /* B */
    g_assert_cmpuint(p[0][1], <=, 2);           /* G */
    g_assert_cmpuint(p[1][0], <=, 2);           /* G */
    g_assert_cmpint(ABS(p[1][1] - (int)rgb_of(5, 0)), <=, 2);
    qtest_quit(q);
}

/* A row takes SL bytes, of which no more are written than the picture has. */
static void test_stride(void)
{
    QTestState *q = start(&(SensorMode) {}, &(Capture) { .stride = 1536 });

    assert_frame(q);
    g_assert_cmpint(picture_number(q, BUF0, 1, 2, 640, 1536, 480), ==, 0);
    for (unsigned y = 0; y < 480; y++) {
        uint32_t row = BUF0 + y * 1536;

        g_assert_cmphex(qtest_readb(q, row + 1279), !=, MARK);
        g_assert_cmphex(qtest_readb(q, row + 1280), ==, MARK);
    }
    qtest_quit(q);
}

/* ipu_csi_set_window(): ACT_FRM_SIZE at HSC, VSC */
static void test_crop(void)
{
    QTestState *q = imx6_init("");
    uint8_t p[4];

    qtest_memset(q, BUF0, MARK, 0x100000);
    ov5640_setup(q, &(SensorMode) {});
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) { .width = 320, .height = 240 });
    qtest_writel(q, CSI_SENS_FRM_SIZE, 479 << 16 | 639);
    qtest_writel(q, CSI_ACT_FRM_SIZE, 239 << 16 | 319);
    qtest_writel(q, CSI_OUT_FRM_CTRL, 160 << 16 | 200);
    run(q);
    assert_frame(q);
    /* bars 2 to 5, and the ramp from 66 % of 480, - 200, on */
    for (unsigned i = 0; i < 4; i++) {
        qtest_memread(q, BUF0 + 100 * 640 + (2 * i + 1) * 320 / 8 * 2, p, 4);
        assert_yuv(&p[1], &p[0], &p[2], i + 2);
    }
    qtest_memread(q, BUF0 + 115 * 640, p, 4);
    assert_yuv(&p[1], &p[0], &p[2], 2);
    qtest_memread(q, BUF0 + 117 * 640, p, 4);
    g_assert_cmpuint(p[0], ==, 128);
    g_assert_cmpint(ABS(p[1] - (16 + 219 * 160 / 640)), <=, 2);
    g_assert_cmphex(qtest_readb(q, BUF0 + 240 * 640), ==, MARK);
    qtest_quit(q);
}

/* ipu_csi_set_downsize(): half the width, half the height */
static void test_downsize(void)
{
    QTestState *q = imx6_init("");
    uint8_t p[4];

    qtest_memset(q, BUF0, MARK, 0x100000);
    ov5640_setup(q, &(SensorMode) {});
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) { .width = 320, .height = 240 });
    qtest_writel(q, CSI_SENS_FRM_SIZE, 479 << 16 | 639);
    qtest_writel(q, CSI_ACT_FRM_SIZE, 479 << 16 | 639);
    qtest_writel(q, CSI_OUT_FRM_CTRL, 3u << 30);
    run(q);
    assert_frame(q);
    g_assert_cmpint(picture_number(q, BUF0, 1, 2, 320, 640, 240), ==, 0);
    for (unsigned i = 0; i < 8; i++) {
        qtest_memread(q, BUF0 + BARS_ROW(240) * 640 + BAR_X(320, i) * 2, p, 4);
        assert_yuv(&p[1], &p[0], &p[2], i);
    }
    g_assert_cmphex(qtest_readb(q, BUF0 + 240 * 640 - 2), ==, 128);
    g_assert_cmphex(qtest_readb(q, BUF0 + 240 * 640), ==, MARK);
    qtest_quit(q);
}

/* csi_skip[] of imx-media-csi.c: ratio - 1, and a bit for each one dropped */
static void test_skip(void)
{
    static const struct {
        unsigned max_ratio;
        uint8_t skip;
        int number[6];
    } cases[] = {
        { 2, 0x01, { 1, 3, 5, 7, 9, 11 } },     /* every second */
        { 6, 0x10, { 0, 1, 2, 3, 5, 6 } },      /* but every sixth */
        { 5, 0x0a, { 0, 2, 4, 5, 7, 9 } },      /* but 1 and 3 of 5 */
        { 6, 0x1f, { 5, 11, 17, 23, 29, 35 } }, /* one in six */
    };

    for (unsigned c = 0; c < G_N_ELEMENTS(cases); c++) {
        QTestState *q = imx6_init("");

        ov5640_setup(q, &(SensorMode) {});
        csi2_on(q, 2, HSFREQ_400);
        capture_setup(q, &(Capture) { .single = true });
        qtest_writel(q, CSI_SKIP, (cases[c].max_ratio - 1) |
                     cases[c].skip << 3);
        run(q);
        for (unsigned i = 0; i < 6; i++) {
            g_assert_cmpint(capture_wait(q, INT_EOF, 7 * VGA_FRAME_NS), >, 0);
            g_assert_cmpint(uyvy_number(q, BUF0), ==, cases[c].number[i]);
            capture_ready(q, 0);
        }
        /* a frame that is skipped is not one that is lost */
        g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_NFB4EOF)), ==, 0);
        qtest_quit(q);
    }
}

/* Two lanes sent, one or four expected: no packet can be made out. */
static void test_lanes(void)
{
    static const unsigned lanes[] = { 1, 4 };

    for (unsigned i = 0; i < G_N_ELEMENTS(lanes); i++) {
        QTestState *q = start(&(SensorMode) {}, &(Capture) {});

        ov5640_stream(q, false);
        qtest_clock_step(q, VGA_FRAME_NS);
        qtest_writel(q, CSI2_N_LANES, lanes[i] - 1);
        ov5640_stream(q, true);
        assert_nothing(q);
        g_assert_cmphex(qtest_readl(q, CSI2_ERR1), !=, 0);
        qtest_quit(q);
    }
}

/* Packets of another data type than MIPI_DI's are not this CSI's. */
static void test_data_type(void)
{
    QTestState *q = start(&(SensorMode) {}, &(Capture) { .dt = DT_RAW8 });

    assert_nothing(q);
    qtest_quit(q);
}

/* GPR1 bit 19: 1 gives IPU1 CSI0 to the parallel pads (ipu1_csi0_mux). */
static void test_gpr1(void)
{
    QTestState *q = imx6_init("");

    imx6_update(q, IMX6_IOMUXC + 4, 0, 1u << 19);
    qtest_memset(q, BUF0, MARK, 0x100000);
    camera_start(q, &(SensorMode) {}, &(Capture) {});
    assert_nothing(q);
    imx6_update(q, IMX6_IOMUXC + 4, 1u << 19, 0);
    assert_frame(q);
    qtest_quit(q);
}

/* IPU_CONF bit 28: 0 is the parallel port, where nothing is connected. */
static void test_conf_source(void)
{
    QTestState *q = start(&(SensorMode) {}, &(Capture) {});

    imx6_update(q, IPU_CONF, CONF_CSI0_MIPI, 0);
    assert_nothing(q);
    qtest_quit(q);
}

/* Virtual channel 1 is IPU1's CSI1; imx-media has it on IDMAC channel 2. */
static void test_virtual_channel(void)
{
    QTestState *q = imx6_init("");
    const uint32_t csi1 = IPU_CSI0 + 0x8000;

    qtest_memset(q, BUF0, MARK, 0x100000);
    ov5640_setup(q, &(SensorMode) {});
    ov5640_write(q, 0x4814, 0x6a);              /* [7:6]: channel */
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) {});
    for (unsigned i = 0; i < 10; i++) {         /* as channel 0, elsewhere */
        uint32_t cell = IPU_CPMEM + i / 5 * 32 + i % 5 * 4;

        qtest_writel(q, cell + 2 * 64, qtest_readl(q, cell));
    }
    cpmem_set(q, 2, CP_EBA0, BUF1 >> 3);
    for (unsigned i = 0; i < 0x24; i += 4) {
        qtest_writel(q, csi1 + i, qtest_readl(q, IPU_CSI0 + i));
    }
    qtest_writel(q, IPU_SMFC, 4 << 6);          /* CSI1, DI0: channel 2 */
    qtest_writel(q, IDMAC_CHA_EN, 1 | 4);
    qtest_writel(q, IPU_CHA_BUF_RDY(0), 1 | 4);
    qtest_writel(q, IPU_CONF, 3u << 28 | CONF_SMFC_EN | 3);
    ov5640_stream(q, true);
    qtest_clock_step(q, FRAME_WAIT);
    g_assert_cmphex(qtest_readl(q, IPU_INT_STAT(INT_EOF)), ==, 4);
    g_assert_cmpint(uyvy_number(q, BUF1), ==, 0);
    g_assert_cmphex(qtest_readl(q, BUF0), ==, 0x01010101u * MARK);
    qtest_quit(q);
}

/* The picture of a chip left mirrored by reset: docs/test-card.md */
static void test_mirror(void)
{
    QTestState *q = imx6_init("");
    uint8_t row[1280], right[1280];

    ov5640_setup(q, &(SensorMode) {});
    ov5640_write(q, 0x3821, 0);
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, &(Capture) {});
    run(q);
    assert_frame(q);
    qtest_memread(q, BUF0 + 14 * 1280, row, 1280);
    g_assert_cmpint(strip_number(row + 1, 2, 640), ==, -1);
    for (unsigned x = 0; x < 640; x++) {
        right[2 * x + 1] = row[2 * (639 - x) + 1];
    }
    g_assert_cmpint(strip_number(right + 1, 2, 640), ==, 0);
    /* upside down (0x3820 bits 2:1): the strip is at the bottom */
    ov5640_write(q, 0x3821, 6);
    ov5640_write(q, 0x3820, 0x46);
    assert_frame(q);
    g_assert_cmpint(uyvy_number(q, BUF1), ==, -1);
    capture_ready(q, 0);
    assert_frame(q);
    qtest_memread(q, BUF0 + (479 - 14) * 1280, row, 1280);
    g_assert_cmpint(strip_number(row + 1, 2, 640), ==, 2);
    qtest_quit(q);
}

/* ipu_csi_set_test_generator(): frames of two colours without a sensor */
static void test_generator(void)
{
    QTestState *q = imx6_init("");
    unsigned colour = 0, black = 0;

    imx6_pll2_on(q);
    capture_setup(q, &(Capture) {
        .sens_conf = SENS_FMT(FMT_RGB_YUV444) | SENS_WIDTH_8 | 7 << 16,
    });
    qtest_writel(q, CSI_TST_CTRL, 1u << 24 | 0x4020ff);
    capture_ready(q, 0);
    qtest_writel(q, IPU_CONF, CONF_CSI0_EN | CONF_SMFC_EN);
    assert_frame(q);
    for (unsigned y = 8; y < 480; y += 16) {
        for (unsigned x = 8; x < 640; x += 16) {
            uint8_t luma = qtest_readb(q, BUF0 + y * 1280 + x * 2 + 1);

            g_assert_true(luma == 0xff || luma == 0);
            colour += luma == 0xff;
            black += luma == 0;
        }
    }
    /* a chess board, whatever the size of its squares */
    g_assert_cmpuint(colour, >, 400);
    g_assert_cmpuint(black, >, 400);
    qtest_quit(q);
}

static const IMX6Reg csi_regs[] = {
    { 0x00, 0, 0xbfffffff }, { 0x04, 0, 0x0fff1fff }, { 0x08, 0, 0x0fff1fff },
    { 0x0c, 0, 0xdfff0fff }, { 0x10, 0, 0x01ffffff }, { 0x20, 0, 0xffffffff },
    { 0x24, 0, 0x000003ff },
};

/* Fields of IMX6DQRM 37.5, CSI0 and CSI1; those ipu-csi.c names are in. */
static void test_registers(void)
{
    QTestState *q = imx6_init("");

    for (unsigned n = 0; n < 2; n++) {
        uint32_t base = IPU_CSI0 + n * 0x8000;

        imx6_check_resets(q, base, csi_regs, G_N_ELEMENTS(csi_regs));
        imx6_check_masks(q, base, csi_regs, G_N_ELEMENTS(csi_regs));
    }
    imx6_gate(q, 3, 0, false);
    imx6_check_silent(q, IPU_CSI0, csi_regs, G_N_ELEMENTS(csi_regs));
    imx6_gate(q, 3, 0, true);
    imx6_check_resets(q, IPU_CSI0, csi_regs, G_N_ELEMENTS(csi_regs));
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/imx6-csi-capture/uyvy", test_uyvy);
    qtest_add_func("/imx6-csi-capture/yuyv", test_yuyv);
    qtest_add_func("/imx6-csi-capture/yuyv-wire", test_yuyv_wire);
    qtest_add_func("/imx6-csi-capture/yuv422-8", test_yuv422_8);
    qtest_add_func("/imx6-csi-capture/nv12", test_nv12);
    qtest_add_func("/imx6-csi-capture/odd-chroma", test_odd_chroma);
    qtest_add_func("/imx6-csi-capture/yuv420p", test_yuv420p);
    qtest_add_func("/imx6-csi-capture/rgb888", test_rgb888);
    qtest_add_func("/imx6-csi-capture/rgb565", test_rgb565);
    qtest_add_func("/imx6-csi-capture/rgb555", test_rgb555);
    qtest_add_func("/imx6-csi-capture/rgb444", test_rgb444);
    qtest_add_func("/imx6-csi-capture/raw8", test_raw8);
    qtest_add_func("/imx6-csi-capture/raw10", test_raw10);
    qtest_add_func("/imx6-csi-capture/generic8", test_generic8);
    qtest_add_func("/imx6-csi-capture/stride", test_stride);
    qtest_add_func("/imx6-csi-capture/crop", test_crop);
    qtest_add_func("/imx6-csi-capture/downsize", test_downsize);
    qtest_add_func("/imx6-csi-capture/skip", test_skip);
    qtest_add_func("/imx6-csi-capture/lanes", test_lanes);
    qtest_add_func("/imx6-csi-capture/data-type", test_data_type);
    qtest_add_func("/imx6-csi-capture/gpr1", test_gpr1);
    qtest_add_func("/imx6-csi-capture/conf-source", test_conf_source);
    qtest_add_func("/imx6-csi-capture/virtual-channel", test_virtual_channel);
    qtest_add_func("/imx6-csi-capture/mirror", test_mirror);
    qtest_add_func("/imx6-csi-capture/generator", test_generator);
    qtest_add_func("/imx6-csi-capture/registers", test_registers);
    return g_test_run();
}
