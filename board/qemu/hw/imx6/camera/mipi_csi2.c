/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q MIPI CSI-2 host controller (Synopsys DesignWare), its D-PHY, and the
 * CSI2IPU gasket that hands the virtual channels to the two IPUs.
 *
 * IMX6DQRM rev. 6, chapters 19 (CSI2IPU) and 40 (MIPI_CSI). Bits of ERR1 and
 * ERR2 as in Freescale's iMX6 Platform SDK, regsmipicsi.h. Where the virtual
 * channels go: drivers/staging/media/imx and imx6q.dtsi of Linux.
 *
 * Not modelled: the bandwidth of the pixel clock. Errors on a link that works
 * (ECC, CRC, sequence) come from fault switches only.
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/bitops.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "hw/imx6/camera.h"
#include "hw/imx6/clk.h"
#include "hw/imx6/csi2_link.h"
#include "hw/imx6/fault.h"
#include "hw/imx6/iomuxc.h"
#include "trace.h"

enum {
    R_VERSION = 0x000,
    R_N_LANES = 0x004,
    R_PHY_SHUTDOWNZ = 0x008,
    R_DPHY_RSTZ = 0x00c,
    R_CSI2_RESETN = 0x010,
    R_PHY_STATE = 0x014,
    R_DATA_IDS_1 = 0x018,
    R_DATA_IDS_2 = 0x01c,
    R_ERR1 = 0x020,
    R_ERR2 = 0x024,
    R_MASK1 = 0x028,
    R_MASK2 = 0x02c,
    R_PHY_TST_CTRL0 = 0x030,
    R_PHY_TST_CTRL1 = 0x034,
    R_GASKET = 0xf00,
};

#define MMIO_SIZE               0x4000

/* "1.00*", as the DesignWare cores of that time spell it */
#define VERSION                 0x3130302a

#define STATE_RXULPSESC(n)      BIT(n)
#define STATE_STOPSTATEDATA(n)  BIT(4 + (n))
#define STATE_RXCLKACTIVEHS     BIT(8)
#define STATE_RXULPSCLKNOT      BIT(9)
#define STATE_STOPSTATECLK      BIT(10)
#define STATE_BYPASS_2ECC_TST   BIT(11)

#define ERR1_SOTSYNCHS(n)       BIT(n)
#define ERR1_F_BNDRY_MATCH(vc)  BIT(4 + (vc))
#define ERR1_CRC(vc)            BIT(24 + (vc))
#define ERR1_ECC_DOUBLE         BIT(28)
#define ERR1_ALL                MAKE_64BIT_MASK(0, 29)
#define ERR2_ALL                MAKE_64BIT_MASK(0, 24)

#define TST0_TESTCLR            BIT(0)
#define TST0_TESTCLK            BIT(1)
#define TST1_TESTDIN            0xff
#define TST1_TESTEN             BIT(16)

/* D-PHY test code that holds the range of bit rates, data bits 6:1 */
#define TEST_CODE_HSFREQRANGE   0x44

#define GASKET_MASK             0xf
#define GASKET_YUV422_YUYV      BIT(2)

/* IOMUXC_GPR1: 0 gives the IPU's port the CSI-2 channel, 1 the parallel pads */
#define GPR1_MIPI_IPU1_MUX      BIT(19)
#define GPR1_MIPI_IPU2_MUX      BIT(20)

/*
 * A bit rate so much off the programmed range is still received. Mainline's
 * drivers for this receiver and for the OV5640 disagree by two.
 */
#define RATE_TOLERANCE          2

OBJECT_DECLARE_SIMPLE_TYPE(IMX6MipiCsi2State, IMX6_MIPI_CSI2)

struct IMX6MipiCsi2State {
    SysBusDevice parent_obj;

    IMX6CCMState *ccm;
    IMX6IOMUXCState *iomuxc;
    CSI2Sink *csi[CSI2_VIRTUAL_CHANNELS];
    MemoryRegion mr;
    qemu_irq irq[2];

    uint32_t n_lanes;
    uint32_t shutdownz;
    uint32_t rstz;
    uint32_t resetn;
    uint32_t bypass;            /* the one writable bit of PHY_STATE */
    uint32_t data_ids[2];
    uint32_t err[2];
    uint32_t mask[2];
    uint32_t tst_ctrl0;
    uint32_t tst_ctrl1;
    uint32_t gasket;
    uint8_t test_code;
    uint8_t hsfreqrange;

    CSI2Lanes lanes;            /* as the sensor drives them */
    bool clock_synced;          /* clock lane was seen in LP-11 first */
    uint32_t in_frame;          /* virtual channels between start and end */
    uint32_t routed;            /* ... and whose frame goes on to an IPU */
    uint32_t faults;
};

/*
 * Upper end of the ranges in Mbit/s by bits 6:1 of the code; a range begins
 * where the one before ends. Table of NXP's DOC-94312, as in Linux's
 * imx6-mipi-csi2.c, for the 27 MHz reference.
 */
static const struct {
    uint16_t mbps;
    uint8_t code;
} hsfreq_map[] = {
    { 90, 0x00 }, { 100, 0x20 }, { 110, 0x40 }, { 125, 0x02 },
    { 140, 0x22 }, { 150, 0x42 }, { 160, 0x04 }, { 180, 0x24 },
    { 200, 0x44 }, { 210, 0x06 }, { 240, 0x26 }, { 250, 0x46 },
    { 270, 0x08 }, { 300, 0x28 }, { 330, 0x48 }, { 360, 0x2a },
    { 400, 0x4a }, { 450, 0x0c }, { 500, 0x2c }, { 550, 0x0e },
    { 600, 0x2e }, { 650, 0x10 }, { 700, 0x30 }, { 750, 0x12 },
    { 800, 0x32 }, { 850, 0x14 }, { 900, 0x34 }, { 950, 0x54 },
    { 1000, 0x74 },
};

enum {
    FAULT_LOST_IRQ,
    FAULT_CRC_ERROR,
    FAULT_ECC_ERROR,
    FAULT_LOST_FRAME_END,
};

static const IMX6Fault mipi_csi2_faults[] = {
    [FAULT_LOST_IRQ] = { "lost-irq", "both interrupt lines stay down" },
    [FAULT_CRC_ERROR] = { "crc-error",
      "payloads come with wrong checksums: told, passed on all the same" },
    [FAULT_ECC_ERROR] = { "ecc-error",
      "headers come beyond repair: told, and the packets are lost" },
    [FAULT_LOST_FRAME_END] = { "lost-frame-end", "frame end packets get lost" },
};

static bool clock_on(IMX6MipiCsi2State *s, IMX6QClock clock)
{
    return !s->ccm || imx6q_clk_hz(s->ccm, clock);
}

/* The D-PHY works: configuration and reference clock, out of reset */
static bool phy_on(IMX6MipiCsi2State *s)
{
    return s->shutdownz && s->rstz && clock_on(s, IMX6Q_CLK_HSI_TX) &&
           clock_on(s, IMX6Q_CLK_VIDEO_27M);
}

static bool rate_in_range(IMX6MipiCsi2State *s)
{
    uint64_t mbps = s->lanes.bps / 1000000;
    unsigned low = 80;

    for (unsigned i = 0; i < ARRAY_SIZE(hsfreq_map); i++) {
        if (hsfreq_map[i].code == s->hsfreqrange) {
            return mbps * RATE_TOLERANCE >= low &&
                   mbps <= (uint64_t)hsfreq_map[i].mbps * RATE_TOLERANCE;
        }
        low = hsfreq_map[i].mbps;
    }
    return false;
}

static void update_irq(IMX6MipiCsi2State *s)
{
    for (unsigned i = 0; i < 2; i++) {
        qemu_set_irq(s->irq[i], (s->err[i] & ~s->mask[i]) &&
                     !(s->faults & BIT(FAULT_LOST_IRQ)));
    }
}

static void raise_error(IMX6MipiCsi2State *s, unsigned n, uint32_t bits)
{
    trace_mipi_csi2_error(n + 1, bits);
    s->err[n] |= bits;
    update_irq(s);
}

/*
 * A D-PHY receiver finds the clock by the transition out of the stop state:
 * one switched on while the clock already runs does not see it.
 */
static void update_phy(IMX6MipiCsi2State *s)
{
    if (!phy_on(s)) {
        s->clock_synced = false;
    } else if (s->lanes.clock != CSI2_LANE_HS) {
        s->clock_synced = s->lanes.clock == CSI2_LANE_LP11;
    }
    if (!s->clock_synced || !s->resetn) {
        s->in_frame = 0;
    }
}

static uint32_t phy_state(IMX6MipiCsi2State *s)
{
    uint32_t state = s->bypass;

    update_phy(s);
    if (!phy_on(s)) {
        return state;
    }
    for (unsigned i = 0; i < CSI2_DATA_LANES; i++) {
        if (s->lanes.data[i] == CSI2_LANE_LP11) {
            state |= STATE_STOPSTATEDATA(i);
        } else if (s->lanes.data[i] == CSI2_LANE_ULPS) {
            state |= STATE_RXULPSESC(i);
        }
    }
    if (s->lanes.clock != CSI2_LANE_ULPS) {
        state |= STATE_RXULPSCLKNOT;
    }
    if (s->lanes.clock == CSI2_LANE_LP11) {
        state |= STATE_STOPSTATECLK;
    } else if (s->lanes.clock == CSI2_LANE_HS && s->clock_synced) {
        state |= STATE_RXCLKACTIVEHS;
    }
    return state;
}

/* Can a packet be made out? If not, what the receiver complains about. */
static bool receives(IMX6MipiCsi2State *s)
{
    update_phy(s);
    if (!s->clock_synced || !s->resetn) {
        return false;
    }
    if (!rate_in_range(s)) {
        uint32_t bits = 0;

        for (unsigned i = 0; i <= s->n_lanes && i < s->lanes.count; i++) {
            bits |= ERR1_SOTSYNCHS(i);
        }
        raise_error(s, 0, bits);
        return false;
    }
    if (s->n_lanes + 1 != s->lanes.count || s->faults & BIT(FAULT_ECC_ERROR)) {
        /* Bytes of a header taken from the wrong lanes make no header. */
        raise_error(s, 0, ERR1_ECC_DOUBLE);
        return false;
    }
    return true;
}

/* Does a multiplexer give this channel's camera port to us? */
static bool routed(IMX6MipiCsi2State *s, unsigned vc)
{
    uint32_t gpr1 = s->iomuxc ? imx6_iomuxc_gpr(s->iomuxc, 1) : 0;

    if (!clock_on(s, IMX6Q_CLK_EIM_SLOW)) {
        return false;
    }
    switch (vc) {
    case 0:
        return !(gpr1 & GPR1_MIPI_IPU1_MUX);
    case 3:
        return !(gpr1 & GPR1_MIPI_IPU2_MUX);
    default:
        return true;
    }
}

static void sink_lanes(CSI2Sink *sink, const CSI2Lanes *lanes)
{
    IMX6MipiCsi2State *s = IMX6_MIPI_CSI2(sink);

    trace_mipi_csi2_lanes(lanes->clock, lanes->data[0], lanes->count,
                          lanes->bps);
    s->lanes = *lanes;
    update_phy(s);
}

static void sink_frame_start(CSI2Sink *sink, unsigned vc)
{
    IMX6MipiCsi2State *s = IMX6_MIPI_CSI2(sink);

    if (!receives(s)) {
        return;
    }
    if (s->in_frame & BIT(vc)) {
        raise_error(s, 0, ERR1_F_BNDRY_MATCH(vc));
    }
    s->in_frame |= BIT(vc);
    s->routed = deposit32(s->routed, vc, 1, routed(s, vc));
    trace_mipi_csi2_frame(vc, s->routed & BIT(vc));
    if (s->routed & BIT(vc)) {
        csi2_send_frame_start(s->csi[vc], vc);
    }
}

static void sink_lines(CSI2Sink *sink, const CSI2Lines *lines)
{
    IMX6MipiCsi2State *s = IMX6_MIPI_CSI2(sink);
    CSI2Lines out = *lines;
    uint32_t bit = BIT(lines->vc);

    if (receives(s) && s->in_frame & s->routed & bit &&
        routed(s, lines->vc)) {
        out.luma_first = s->gasket & GASKET_YUV422_YUYV;
        if (s->faults & BIT(FAULT_CRC_ERROR)) {
            raise_error(s, 0, ERR1_CRC(lines->vc));
        }
        csi2_send_lines(s->csi[lines->vc], &out);
    }
}

static void sink_frame_end(CSI2Sink *sink, unsigned vc)
{
    IMX6MipiCsi2State *s = IMX6_MIPI_CSI2(sink);

    if (!receives(s) || s->faults & BIT(FAULT_LOST_FRAME_END)) {
        return;
    }
    if (!(s->in_frame & BIT(vc))) {
        raise_error(s, 0, ERR1_F_BNDRY_MATCH(vc));
        return;
    }
    s->in_frame &= ~BIT(vc);
    if (s->routed & BIT(vc) && routed(s, vc)) {
        csi2_send_frame_end(s->csi[vc], vc);
    }
}

/*
 * The D-PHY's test interface: with TESTEN, the falling edge of TESTCLK takes
 * the address from TESTDIN; without, the rising edge takes data.
 */
static void write_tst_ctrl0(IMX6MipiCsi2State *s, uint32_t value)
{
    uint32_t old = s->tst_ctrl0;

    s->tst_ctrl0 = value & (TST0_TESTCLR | TST0_TESTCLK);
    if (value & TST0_TESTCLR) {
        s->test_code = 0;
        s->hsfreqrange = 0;
        return;
    }
    if (s->tst_ctrl1 & TST1_TESTEN) {
        if ((old & TST0_TESTCLK) && !(value & TST0_TESTCLK)) {
            s->test_code = s->tst_ctrl1 & TST1_TESTDIN;
        }
    } else if (!(old & TST0_TESTCLK) && (value & TST0_TESTCLK)) {
        if (s->test_code == TEST_CODE_HSFREQRANGE) {
            s->hsfreqrange = s->tst_ctrl1 & 0x7e;
            trace_mipi_csi2_hsfreqrange(s->hsfreqrange);
        } else if (s->test_code) {
            qemu_log_mask(LOG_UNIMP, "mipi_csi2: D-PHY test code 0x%02x\n",
                          s->test_code);
        }
    }
}

static void write_n_lanes(IMX6MipiCsi2State *s, uint32_t value)
{
    /* "Can only be updated when the PHY lane is in stop state" */
    if (phy_on(s) && s->lanes.data[0] == CSI2_LANE_HS) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "mipi_csi2: N_LANES written while lanes are active\n");
        return;
    }
    s->n_lanes = value & 3;
}

/* The registers need the configuration clock (CCM_CCGR3, mipi_core_cfg). */
static bool answers(IMX6MipiCsi2State *s, hwaddr offset)
{
    if (clock_on(s, IMX6Q_CLK_HSI_TX)) {
        return true;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "mipi_csi2: access to 0x%" HWADDR_PRIx
                  " with the clock gated\n", offset);
    return false;
}

/* Errors are cleared by reading, as in all of this family of cores. */
static uint32_t read_err(IMX6MipiCsi2State *s, unsigned n)
{
    uint32_t value = s->err[n];

    s->err[n] = 0;
    update_irq(s);
    return value;
}

static uint32_t read_reg(IMX6MipiCsi2State *s, hwaddr offset)
{
    switch (offset) {
    case R_VERSION:
        return VERSION;
    case R_N_LANES:
        return s->n_lanes;
    case R_PHY_SHUTDOWNZ:
        return s->shutdownz;
    case R_DPHY_RSTZ:
        return s->rstz;
    case R_CSI2_RESETN:
        return s->resetn;
    case R_PHY_STATE:
        return phy_state(s);
    case R_DATA_IDS_1:
    case R_DATA_IDS_2:
        return s->data_ids[offset == R_DATA_IDS_2];
    case R_ERR1:
    case R_ERR2:
        return read_err(s, offset == R_ERR2);
    case R_MASK1:
    case R_MASK2:
        return s->mask[offset == R_MASK2];
    case R_PHY_TST_CTRL0:
        return s->tst_ctrl0;
    case R_PHY_TST_CTRL1:
        return s->tst_ctrl1;
    case R_GASKET:
        return s->gasket;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "mipi_csi2: no register at 0x%"
                      HWADDR_PRIx "\n", offset);
        return 0;
    }
}

static uint64_t mipi_csi2_read(void *opaque, hwaddr offset, unsigned size)
{
    IMX6MipiCsi2State *s = opaque;
    uint32_t value = answers(s, offset) ? read_reg(s, offset) : 0;

    trace_mipi_csi2_read(offset, value);
    return value;
}

static void write_reg(IMX6MipiCsi2State *s, hwaddr offset, uint32_t value)
{
    switch (offset) {
    case R_N_LANES:
        write_n_lanes(s, value);
        break;
    case R_PHY_SHUTDOWNZ:
        s->shutdownz = value & 1;
        break;
    case R_DPHY_RSTZ:
        s->rstz = value & 1;
        break;
    case R_CSI2_RESETN:
        s->resetn = value & 1;
        break;
    case R_PHY_STATE:
        s->bypass = value & STATE_BYPASS_2ECC_TST;
        break;
    case R_DATA_IDS_1:
    case R_DATA_IDS_2:
        s->data_ids[offset == R_DATA_IDS_2] = value;
        break;
    case R_MASK1:
        s->mask[0] = value & ERR1_ALL;
        update_irq(s);
        break;
    case R_MASK2:
        s->mask[1] = value & ERR2_ALL;
        update_irq(s);
        break;
    case R_PHY_TST_CTRL0:
        write_tst_ctrl0(s, value);
        break;
    case R_PHY_TST_CTRL1:
        s->tst_ctrl1 = value & (TST1_TESTDIN | TST1_TESTEN);
        break;
    case R_GASKET:
        s->gasket = value & GASKET_MASK;
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "mipi_csi2: nothing to write at 0x%"
                      HWADDR_PRIx "\n", offset);
    }
}

static void mipi_csi2_write(void *opaque, hwaddr offset, uint64_t value,
                            unsigned size)
{
    IMX6MipiCsi2State *s = opaque;

    trace_mipi_csi2_write(offset, value);
    if (answers(s, offset)) {
        write_reg(s, offset, value);
        update_phy(s);
    }
}

static const MemoryRegionOps mipi_csi2_ops = {
    .read = mipi_csi2_read,
    .write = mipi_csi2_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

static void mipi_csi2_reset_hold(Object *obj, ResetType type)
{
    IMX6MipiCsi2State *s = IMX6_MIPI_CSI2(obj);

    s->n_lanes = 0;
    s->shutdownz = 0;
    s->rstz = 0;
    s->resetn = 0;
    s->bypass = 0;
    memset(s->data_ids, 0, sizeof(s->data_ids));
    memset(s->err, 0, sizeof(s->err));
    memset(s->mask, 0, sizeof(s->mask));
    s->tst_ctrl0 = 0;
    s->tst_ctrl1 = 0;
    s->gasket = 0;
    s->test_code = 0;
    s->hsfreqrange = 0;
    s->routed = 0;
    /* What the sensor drives is the sensor's: it tells when it resets. */
    update_phy(s);
    update_irq(s);
}

static void mipi_csi2_init(Object *obj)
{
    IMX6MipiCsi2State *s = IMX6_MIPI_CSI2(obj);
    SysBusDevice *sbd = SYS_BUS_DEVICE(obj);

    memory_region_init_io(&s->mr, obj, &mipi_csi2_ops, s,
                          TYPE_IMX6_MIPI_CSI2, MMIO_SIZE);
    sysbus_init_mmio(sbd, &s->mr);
    sysbus_init_irq(sbd, &s->irq[0]);
    sysbus_init_irq(sbd, &s->irq[1]);
    for (unsigned i = 0; i < CSI2_VIRTUAL_CHANNELS; i++) {
        g_autofree char *name = g_strdup_printf("csi[%u]", i);

        object_property_add_link(obj, name, TYPE_CSI2_SINK,
                                 (Object **)&s->csi[i],
                                 qdev_prop_allow_set_link_before_realize, 0);
    }
}

static int mipi_csi2_post_load(void *opaque, int version_id)
{
    IMX6MipiCsi2State *s = opaque;

    return s->lanes.count > CSI2_DATA_LANES ? -EINVAL : 0;
}

static const VMStateDescription vmstate_mipi_csi2_lanes = {
    .name = "imx6-mipi-csi2-lanes",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(clock, CSI2Lanes),
        VMSTATE_UINT32_ARRAY(data, CSI2Lanes, CSI2_DATA_LANES),
        VMSTATE_UINT32(count, CSI2Lanes),
        VMSTATE_UINT64(bps, CSI2Lanes),
        VMSTATE_END_OF_LIST()
    },
};

static const VMStateDescription vmstate_mipi_csi2 = {
    .name = TYPE_IMX6_MIPI_CSI2,
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = mipi_csi2_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(n_lanes, IMX6MipiCsi2State),
        VMSTATE_UINT32(shutdownz, IMX6MipiCsi2State),
        VMSTATE_UINT32(rstz, IMX6MipiCsi2State),
        VMSTATE_UINT32(resetn, IMX6MipiCsi2State),
        VMSTATE_UINT32(bypass, IMX6MipiCsi2State),
        VMSTATE_UINT32_ARRAY(data_ids, IMX6MipiCsi2State, 2),
        VMSTATE_UINT32_ARRAY(err, IMX6MipiCsi2State, 2),
        VMSTATE_UINT32_ARRAY(mask, IMX6MipiCsi2State, 2),
        VMSTATE_UINT32(tst_ctrl0, IMX6MipiCsi2State),
        VMSTATE_UINT32(tst_ctrl1, IMX6MipiCsi2State),
        VMSTATE_UINT32(gasket, IMX6MipiCsi2State),
        VMSTATE_UINT8(test_code, IMX6MipiCsi2State),
        VMSTATE_UINT8(hsfreqrange, IMX6MipiCsi2State),
        VMSTATE_STRUCT(lanes, IMX6MipiCsi2State, 1, vmstate_mipi_csi2_lanes,
                       CSI2Lanes),
        VMSTATE_BOOL(clock_synced, IMX6MipiCsi2State),
        VMSTATE_UINT32(in_frame, IMX6MipiCsi2State),
        VMSTATE_UINT32(routed, IMX6MipiCsi2State),
        VMSTATE_END_OF_LIST()
    },
};

static void mipi_csi2_faults_changed(Object *obj, uint32_t on)
{
    update_irq(IMX6_MIPI_CSI2(obj));
}

static const Property mipi_csi2_properties[] = {
    DEFINE_PROP_LINK("ccm", IMX6MipiCsi2State, ccm, TYPE_IMX6_CCM,
                     IMX6CCMState *),
    DEFINE_PROP_LINK("iomuxc", IMX6MipiCsi2State, iomuxc, TYPE_IMX6_IOMUXC,
                     IMX6IOMUXCState *),
};

static void mipi_csi2_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    CSI2SinkClass *sc = CSI2_SINK_CLASS(oc);

    dc->desc = "i.MX6Q MIPI CSI-2 host controller";
    dc->vmsd = &vmstate_mipi_csi2;
    device_class_set_props(dc, mipi_csi2_properties);
    RESETTABLE_CLASS(oc)->phases.hold = mipi_csi2_reset_hold;
    imx6_fault_add(oc, offsetof(IMX6MipiCsi2State, faults), mipi_csi2_faults,
                   ARRAY_SIZE(mipi_csi2_faults), mipi_csi2_faults_changed);
    sc->lanes = sink_lanes;
    sc->frame_start = sink_frame_start;
    sc->lines = sink_lines;
    sc->frame_end = sink_frame_end;
}

static const TypeInfo mipi_csi2_info = {
    .name = TYPE_IMX6_MIPI_CSI2,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(IMX6MipiCsi2State),
    .instance_init = mipi_csi2_init,
    .class_init = mipi_csi2_class_init,
    .interfaces = (InterfaceInfo[]) {
        { TYPE_CSI2_SINK },
        { }
    },
};

static void mipi_csi2_register(void)
{
    type_register_static(&mipi_csi2_info);
}

type_init(mipi_csi2_register)
