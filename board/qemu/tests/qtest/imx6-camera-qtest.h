/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bring-up of the camera path for qtests: XCLK, the OV5640 over I2C2, the
 * CSI-2 receiver, and IPU1's CSI0 with IDMAC channel 0.
 *
 * In the order and with the values that Linux's drivers use: ov5640.c,
 * imx6-mipi-csi2.c, ipu-csi.c, ipu-cpmem.c, imx-media-csi.c.
 */
#ifndef IMX6_CAMERA_QTEST_H
#define IMX6_CAMERA_QTEST_H

#include "imx6-qtest.h"

/* Registers of the I2C controller: i2c-imx.c */
#define I2CR                    0x08
#define   I2CR_RSTA             0x04
#define   I2CR_TXAK             0x08
#define   I2CR_MTX              0x10
#define   I2CR_MSTA             0x20
#define   I2CR_IIEN             0x40
#define   I2CR_IEN              0x80
#define I2SR                    0x0c
#define   I2SR_RXAK             0x01
#define   I2SR_IIF              0x02
#define   I2SR_IBB              0x20
#define   I2SR_ICF              0x80
#define I2DR                    0x10

#define I2C2                    IMX6_I2C(2)
#define OV5640_ADDR             0x3c    /* ov5640.c, OV5640_DEFAULT_SLAVE_ID */
#define XCLK_HZ                 22000000

/* Registers of the receiver: imx6-mipi-csi2.c */
#define CSI2_VERSION            (IMX6_MIPI_CSI + 0x000)
#define CSI2_N_LANES            (IMX6_MIPI_CSI + 0x004)
#define CSI2_PHY_SHUTDOWNZ      (IMX6_MIPI_CSI + 0x008)
#define CSI2_DPHY_RSTZ          (IMX6_MIPI_CSI + 0x00c)
#define CSI2_RESETN             (IMX6_MIPI_CSI + 0x010)
#define CSI2_PHY_STATE          (IMX6_MIPI_CSI + 0x014)
#define   STOPSTATEDATA(n)      (1u << (4 + (n)))
#define   RXCLKACTIVEHS         (1u << 8)
#define   RXULPSCLKNOT          (1u << 9)
#define   STOPSTATECLK          (1u << 10)
#define CSI2_ERR1               (IMX6_MIPI_CSI + 0x020)
#define CSI2_ERR2               (IMX6_MIPI_CSI + 0x024)
#define CSI2_MSK1               (IMX6_MIPI_CSI + 0x028)
#define CSI2_PHY_TST_CTRL0      (IMX6_MIPI_CSI + 0x030)
#define   PHY_TESTCLR           (1u << 0)
#define   PHY_TESTCLK           (1u << 1)
#define CSI2_PHY_TST_CTRL1      (IMX6_MIPI_CSI + 0x034)
#define   PHY_TESTEN            (1u << 16)
#define CSI2_GASKET             (IMX6_MIPI_CSI + 0xf00)
#define   GASKET_YUYV           (1u << 2)

/* Registers of the IPU: ipu-common.c, ipu-prv.h, ipu-csi.c, ipu-smfc.c */
#define IPU_CM                  (IMX6_IPU(1) + 0x200000)
#define IPU_CONF                (IPU_CM + 0x000)
#define   CONF_CSI0_EN          (1u << 0)
#define   CONF_SMFC_EN          (1u << 8)
#define   CONF_CSI0_MIPI        (1u << 28)
#define IPU_INT_CTRL(n)         (IPU_CM + 0x03c + 4 * (n))
#define IPU_INT_STAT(n)         (IPU_CM + 0x200 + 4 * (n))
#define   INT_EOF               0       /* + channel / 32 */
#define   INT_NFACK             2
#define   INT_NFB4EOF           4
#define IPU_GPR                 (IPU_CM + 0x0e4)
#define IPU_CHA_DB_MODE_SEL     (IPU_CM + 0x150)
#define IPU_CHA_CUR_BUF         (IPU_CM + 0x23c)
#define IPU_CHA_BUF_RDY(buf)    (IPU_CM + 0x268 + 8 * (buf))
#define IPU_IDMAC               (IMX6_IPU(1) + 0x208000)
#define IDMAC_CHA_EN            (IPU_IDMAC + 0x004)
#define IDMAC_CHA_BUSY          (IPU_IDMAC + 0x100)
#define IPU_CSI0                (IMX6_IPU(1) + 0x230000)
#define CSI_SENS_CONF           (IPU_CSI0 + 0x00)
#define   SENS_NON_GATED        (1u << 4)
#define   SENS_FMT(f)           ((f) << 8)
#define   SENS_WIDTH_8          (1u << 11)
#define   SENS_WIDTH_10         (3u << 11)
#define   SENS_WIDTH_16         (9u << 11)
#define   SENS_DEST_IDMAC       (4u << 24)
#define CSI_SENS_FRM_SIZE       (IPU_CSI0 + 0x04)
#define CSI_ACT_FRM_SIZE        (IPU_CSI0 + 0x08)
#define CSI_OUT_FRM_CTRL        (IPU_CSI0 + 0x0c)
#define CSI_TST_CTRL            (IPU_CSI0 + 0x10)
#define CSI_MIPI_DI             (IPU_CSI0 + 0x20)
#define CSI_SKIP                (IPU_CSI0 + 0x24)
#define IPU_SMFC                (IMX6_IPU(1) + 0x250000)
#define IPU_CPMEM               (IMX6_IPU(1) + 0x300000)

/* Data formats of the CSI: ipu-csi.c, CSI_SENS_CONF_DATA_FMT_* */
#define FMT_RGB_YUV444          0
#define FMT_YUV422_YUYV         1
#define FMT_YUV422_UYVY         2
#define FMT_BAYER               3       /* and generic data */
#define FMT_RGB565              4
#define FMT_RGB555              5
#define FMT_RGB444              6

/* CSI-2 data types (CSI-2 v1.0, tables 8 to 10) */
#define DT_YUV422_8             0x1e
#define DT_RGB444               0x20
#define DT_RGB555               0x21
#define DT_RGB565               0x22
#define DT_RGB888               0x24
#define DT_RAW8                 0x2a
#define DT_RAW10                0x2b

/* Where the tests have their two buffers */
#define BUF0                    (IMX6_RAM + 0x100000)
#define BUF1                    (IMX6_RAM + 0x800000)

/*
 * XCLK as imx6qdl-sabrelite.dtsi has it: PWM3 on SD1_DAT1, 22 MHz; a PWM's
 * period is PWMPR + 2 counts of, here, the 66 MHz IPG clock (51.7.5).
 */
static inline void camera_xclk_on(QTestState *q)
{
    imx6_pll2_on(q);
    qtest_writel(q, IMX6_PWM(3) + 0x0c, 1);             /* PWMSAR */
    qtest_writel(q, IMX6_PWM(3) + 0x10, 1);             /* PWMPR */
    qtest_writel(q, IMX6_PWM(3) + 0x00, 1u << 16 | 1);  /* IPG, EN */
    qtest_writel(q, IMX6_IOMUXC + 0x33c, 2);
}

static inline void i2c_start(QTestState *q, unsigned more)
{
    qtest_writew(q, I2C2 + I2CR, I2CR_IEN);
    qtest_writew(q, I2C2 + I2CR, I2CR_IEN | I2CR_MSTA | I2CR_MTX | more);
}

static inline void i2c_stop(QTestState *q)
{
    qtest_writew(q, I2C2 + I2CR, I2CR_IEN);
}

/* Send a byte. Was it acknowledged? */
static inline bool i2c_byte(QTestState *q, uint8_t byte)
{
    qtest_writew(q, I2C2 + I2SR, 0);
    qtest_writew(q, I2C2 + I2DR, byte);
    return !(qtest_readw(q, I2C2 + I2SR) & I2SR_RXAK);
}

static inline bool ov5640_write_at(QTestState *q, uint8_t addr, uint16_t reg,
                                   uint8_t value)
{
    bool ack;

    i2c_start(q, 0);
    ack = i2c_byte(q, addr << 1) && i2c_byte(q, reg >> 8) &&
          i2c_byte(q, reg) && i2c_byte(q, value);
    i2c_stop(q);
    return ack;
}

/* The register's value, or -1 if nobody answers */
static inline int ov5640_read_at(QTestState *q, uint8_t addr, uint16_t reg)
{
    int value = -1;

    i2c_start(q, 0);
    if (i2c_byte(q, addr << 1) && i2c_byte(q, reg >> 8) && i2c_byte(q, reg)) {
        qtest_writew(q, I2C2 + I2CR,
                     I2CR_IEN | I2CR_MSTA | I2CR_MTX | I2CR_RSTA);
        i2c_byte(q, addr << 1 | 1);
        qtest_writew(q, I2C2 + I2CR, I2CR_IEN | I2CR_MSTA | I2CR_TXAK);
        qtest_readw(q, I2C2 + I2DR);
        value = qtest_readw(q, I2C2 + I2DR);
    }
    i2c_stop(q);
    return value;
}

static inline void ov5640_write(QTestState *q, uint16_t reg, uint8_t value)
{
    g_assert_true(ov5640_write_at(q, OV5640_ADDR, reg, value));
}

static inline int ov5640_read(QTestState *q, uint16_t reg)
{
    return ov5640_read_at(q, OV5640_ADDR, reg);
}

static inline void ov5640_write16(QTestState *q, uint16_t reg, uint16_t value)
{
    ov5640_write(q, reg, value >> 8);
    ov5640_write(q, reg + 1, value);
}

/* What the sensor is to send. Zero members mean VGA at VGA_FRAME_NS, UYVY. */
typedef struct SensorMode {
    unsigned width;
    unsigned height;
    uint8_t format;             /* 0x4300 */
    uint8_t mux;                /* 0x501f */
} SensorMode;

/*
 * Clocks of the mode below, by ov5640_get_sysclk() of ov5640.c: 22 MHz / 3 *
 * 105 = 770 MHz, / 2 (system divider) / 2 (PLL root) * 2 / 4 (8 bit) / 2 =
 * 48.125 MHz. A frame is HTS * VTS of these.
 */
#define VGA_SCLK                48125000
#define VGA_HTS                 1600
#define VGA_VTS                 1000
#define VGA_FRAME_NS            (1600ll * 1000 * 1000000000 / VGA_SCLK)

/* Everything but frames: MIPI on in LP-11, ov5640_set_power_mipi() */
static inline void ov5640_setup(QTestState *q, const SensorMode *mode)
{
    static const struct {
        uint16_t reg;
        uint8_t value;
    } regs[] = {
        { 0x3008, 0x42 },
        { 0x3034, 0x18 }, { 0x3035, 0x22 }, { 0x3036, 105 }, { 0x3037, 0x13 },
        { 0x3108, 0x01 }, { 0x3820, 0x41 }, { 0x3821, 0x07 },
    };

    camera_xclk_on(q);
    for (unsigned i = 0; i < G_N_ELEMENTS(regs); i++) {
        ov5640_write(q, regs[i].reg, regs[i].value);
    }
    ov5640_write16(q, 0x3808, mode->width ?: 640);
    ov5640_write16(q, 0x380a, mode->height ?: 480);
    ov5640_write16(q, 0x380c, VGA_HTS);
    ov5640_write16(q, 0x380e, VGA_VTS);
    ov5640_write(q, 0x4300, mode->format ?: 0x3f);
    ov5640_write(q, 0x501f, mode->mux);
    ov5640_write(q, 0x3008, 0x02);
    ov5640_write(q, 0x4202, 0x0f);
    ov5640_write(q, 0x300e, 0x44);
    ov5640_write(q, 0x4800, 0x24);
    ov5640_write(q, 0x3019, 0x70);
}

/* ov5640_set_stream_mipi() */
static inline void ov5640_stream(QTestState *q, bool on)
{
    ov5640_write(q, 0x300e, on ? 0x45 : 0x40);
    ov5640_write(q, 0x4202, on ? 0x00 : 0x0f);
}

/* dw_mipi_csi2_phy_write() */
static inline void csi2_phy_write(QTestState *q, uint8_t code, uint8_t data)
{
    qtest_writel(q, CSI2_PHY_TST_CTRL0, PHY_TESTCLR);
    qtest_writel(q, CSI2_PHY_TST_CTRL1, 0);
    qtest_writel(q, CSI2_PHY_TST_CTRL0, 0);
    qtest_writel(q, CSI2_PHY_TST_CTRL0, PHY_TESTCLK);
    qtest_writel(q, CSI2_PHY_TST_CTRL1, PHY_TESTEN | code);
    qtest_writel(q, CSI2_PHY_TST_CTRL0, 0);
    qtest_writel(q, CSI2_PHY_TST_CTRL1, data);
    qtest_writel(q, CSI2_PHY_TST_CTRL0, PHY_TESTCLK);
    qtest_writel(q, CSI2_PHY_TST_CTRL0, 0);
}

/*
 * The sensor above sends at 385 Mbit/s a lane; hsfreq_map of
 * imx6-mipi-csi2.c has 0x4a for up to 400 Mbit/s.
 */
#define HSFREQ_400              0x4a

/* CSI-2 receiver on: csi2_dphy_init(), csi2_set_lanes(), csi2_enable() */
static inline void csi2_on(QTestState *q, unsigned lanes, uint8_t hsfreq)
{
    imx6_pll3_on(q);
    csi2_phy_write(q, 0x44, hsfreq);
    qtest_writel(q, CSI2_N_LANES, lanes - 1);
    qtest_writel(q, CSI2_PHY_SHUTDOWNZ, 1);
    qtest_writel(q, CSI2_DPHY_RSTZ, 1);
    qtest_writel(q, CSI2_RESETN, 1);
}

/* Fields of a channel's parameters: ipu-cpmem.c, IPU_FIELD_* */
typedef struct CPMemField {
    uint8_t word;
    uint8_t bit;
    uint8_t width;
} CPMemField;

#define CP_UBO                  ((CPMemField) { 0, 46, 22 })
#define CP_VBO                  ((CPMemField) { 0, 68, 22 })
#define CP_RDRW                 ((CPMemField) { 0, 94, 1 })
#define CP_BPP                  ((CPMemField) { 0, 107, 3 })
#define CP_FW                   ((CPMemField) { 0, 125, 13 })
#define CP_FH                   ((CPMemField) { 0, 138, 12 })
#define CP_EBA0                 ((CPMemField) { 1, 0, 29 })
#define CP_EBA1                 ((CPMemField) { 1, 29, 29 })
#define CP_NPB                  ((CPMemField) { 1, 78, 7 })
#define CP_PFS                  ((CPMemField) { 1, 85, 4 })
#define CP_SL                   ((CPMemField) { 1, 102, 14 })
#define CP_WID(n)               ((CPMemField) { 1, 116 + 3 * (n), 3 })
#define CP_OFS(n)               ((CPMemField) { 1, 128 + 5 * (n), 5 })
#define CP_SLUV                 ((CPMemField) { 1, 128, 14 })

/* ipu_ch_param_write_field() */
static inline void cpmem_set(QTestState *q, unsigned ch, CPMemField f,
                             uint32_t value)
{
    for (unsigned i = 0; i < f.width; i++) {
        unsigned bit = f.bit + i;
        uint32_t addr = IPU_CPMEM + ch * 64 + f.word * 32 + bit / 32 * 4;
        uint32_t mask = 1u << (bit % 32);

        /* a read and a write for each 32 bit cell, not for each bit */
        if (i == 0 || bit % 32 == 0) {
            uint32_t old = qtest_readl(q, addr);
            unsigned n = MIN(f.width - i, 32 - bit % 32);

            for (unsigned k = 0; k < n; k++, mask <<= 1) {
                old = value >> (i + k) & 1 ? old | mask : old & ~mask;
            }
            qtest_writel(q, addr, old);
        }
    }
}

static inline void cpmem_zero(QTestState *q, unsigned ch)
{
    for (unsigned word = 0; word < 2; word++) {
        for (unsigned cell = 0; cell < 5; cell++) {
            qtest_writel(q, IPU_CPMEM + ch * 64 + word * 32 + cell * 4, 0);
        }
    }
}

/* Pixel formats of the IDMAC: ipu-cpmem.c */
#define PFS_YUV420P             2
#define PFS_NV12                4
#define PFS_RAW                 6
#define PFS_RGB                 7
#define PFS_YUYV                8
#define PFS_UYVY                0xa

/* A capture on IPU1's CSI0 and channel 0. Zero members: VGA UYVY of MIPI. */
typedef struct Capture {
    unsigned width;
    unsigned height;
    unsigned stride;
    uint8_t pfs;
    uint8_t bpp;                /* CPMEM code */
    uint8_t dt;
    uint32_t sens_conf;         /* data format and width */
    bool single;                /* one buffer */
} Capture;

/* CSI, SMFC and IDMAC, but for IPU_CONF and what is ready */
static inline void capture_setup(QTestState *q, const Capture *c)
{
    unsigned width = c->width ?: 640, height = c->height ?: 480;
    uint32_t conf = c->sens_conf ?: SENS_FMT(FMT_BAYER) | SENS_WIDTH_16;
    uint32_t size = (width - 1) | (height - 1) << 16;
    uint8_t pfs = c->pfs ?: PFS_UYVY;

    cpmem_zero(q, 0);
    cpmem_set(q, 0, CP_FW, width - 1);
    cpmem_set(q, 0, CP_FH, height - 1);
    cpmem_set(q, 0, CP_SL, (c->stride ?: width * 2) - 1);
    cpmem_set(q, 0, CP_PFS, pfs);
    cpmem_set(q, 0, CP_BPP, c->bpp ?: 3);
    cpmem_set(q, 0, CP_NPB, 31);
    cpmem_set(q, 0, CP_EBA0, BUF0 >> 3);
    cpmem_set(q, 0, CP_EBA1, BUF1 >> 3);
    if (pfs == PFS_NV12 || pfs == PFS_YUV420P) {
        cpmem_set(q, 0, CP_UBO, width * height >> 3);
        cpmem_set(q, 0, CP_VBO, width * height * 5 / 4 >> 3);
        cpmem_set(q, 0, CP_SLUV, (pfs == PFS_NV12 ? width : width / 2) - 1);
        cpmem_set(q, 0, CP_RDRW, 1);
    }
    qtest_writel(q, IPU_SMFC, 0);                       /* CSI0, DI0: ch 0 */
    qtest_writel(q, IPU_CHA_DB_MODE_SEL, !c->single);
    qtest_writel(q, CSI_SENS_CONF, conf | SENS_NON_GATED | SENS_DEST_IDMAC);
    qtest_writel(q, CSI_SENS_FRM_SIZE, size);
    qtest_writel(q, CSI_ACT_FRM_SIZE, size);
    qtest_writel(q, CSI_OUT_FRM_CTRL, 0);
    qtest_writel(q, CSI_MIPI_DI, 0xffffff00 | (c->dt ?: DT_YUV422_8));
    qtest_writel(q, IDMAC_CHA_EN, 1);
}

static inline void capture_ready(QTestState *q, unsigned buf)
{
    qtest_writel(q, IPU_CHA_BUF_RDY(buf), 1);
}

static inline void capture_enable(QTestState *q)
{
    qtest_writel(q, IPU_CONF, CONF_CSI0_MIPI | CONF_CSI0_EN | CONF_SMFC_EN);
}

/* Sensor, receiver and capture of VGA pictures, both buffers ready, go. */
static inline void camera_start(QTestState *q, const SensorMode *mode,
                                const Capture *c)
{
    ov5640_setup(q, mode);
    csi2_on(q, 2, HSFREQ_400);
    capture_setup(q, c);
    capture_ready(q, 0);
    if (!c->single) {
        capture_ready(q, 1);
    }
    capture_enable(q);
    ov5640_stream(q, true);
}

/*
 * Let time pass, event by event, until bit 0 of INT_STAT(n), i.e. of channel
 * 0, is set; acknowledge it. The time, or -1 if @ns were not enough.
 */
static inline int64_t capture_wait(QTestState *q, unsigned n, int64_t ns)
{
    int64_t now = imx6_now(q), end = now + ns;

    while (!(qtest_readl(q, IPU_INT_STAT(n)) & 1)) {
        if (now >= end) {
            return -1;
        }
        now = qtest_clock_step_next(q);
    }
    qtest_writel(q, IPU_INT_STAT(n), 1);
    return now;
}

/*
 * The number in a strip of 32 cells: docs/test-card.md. @luma has @step
 * bytes from pixel to pixel. -1: this is no strip.
 */
static inline int strip_number(const uint8_t *luma, unsigned step,
                               unsigned width)
{
    uint32_t bits = 0, sum = 0;

    for (unsigned i = 0; i < 32; i++) {
        bits = bits << 1 | (luma[(2 * i + 1) * width / 64 * step] >= 128);
    }
    for (unsigned i = 4; i < 28; i += 4) {
        sum += bits >> i & 0xf;
    }
    if (bits >> 28 != 0xa || (sum & 0xf) != (bits & 0xf)) {
        return -1;
    }
    return bits >> 4 & 0xffffff;
}

/* The number of a picture in memory; luma (or green) from @offset on */
static inline int picture_number(QTestState *q, uint32_t addr, unsigned offset,
                                 unsigned step, unsigned width, unsigned stride,
                                 unsigned height)
{
    g_autofree uint8_t *row = g_malloc(stride);

    qtest_memread(q, addr + height * 3 / 100 * stride, row, stride);
    return strip_number(row + offset, step, width);
}

/* ... of a VGA picture in UYVY */
static inline int uyvy_number(QTestState *q, uint32_t addr)
{
    return picture_number(q, addr, 1, 2, 640, 1280, 480);
}

#endif
