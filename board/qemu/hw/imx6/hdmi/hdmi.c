/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q HDMI transmitter: include/hw/imx6/hdmi.h.
 *
 * IMX6DQRM rev. 6, chapter 33 (HDMI) and 34 (HDMI PHY); where that is silent,
 * what Linux's drivers/gpu/drm/bridge/synopsys relies on with this chip.
 *
 * Modelled: every register's reset value and bits, interrupts, hot plug and
 * receiver sense, the PHY behind its I2C master, the I2C master of the DDC,
 * and the picture, unchanged, as the monitor would show it. Not modelled:
 * colour space conversion, audio, HDCP, CEC, and info frames beyond storage.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "qapi/error.h"
#include "hw/i2c/i2c.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "hw/imx6/clk.h"
#include "hw/imx6/fault.h"
#include "hw/imx6/hdmi.h"
#include "hw/imx6/iomuxc.h"
#include "hw/imx6/ipu.h"
#include "hw/imx6/monitor.h"
#include "hdmi.h"
#include "trace.h"

#define PHY_I2C_ADDR            0x69    /* PHY_Gen2, IMX6DQRM 33.5.123 */
#define PHY_REGS                0x40
#define ISFR_HZ_UNLINKED        27000000

#define GPR3_HDMI_MUX_SHIFT     2       /* IOMUXC_GPR3, IMX6DQRM 36.4.4 */

struct IMX6HDMIState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    qemu_irq irq;
    I2CBus *ddc;
    IMX6CCMState *ccm;
    IMX6IOMUXCState *iomuxc;
    IMX6IPUState *ipu[2];

    QEMUTimer *phy_timer;
    QEMUTimer *ddc_timer;
    uint8_t phy_op;             /* operation under way, 0: none */
    uint8_t ddc_op;
    bool connected;
    uint8_t regs[HDMI_REGS];
    uint16_t phy[PHY_REGS];

    uint32_t faults;
    IMX6Monitor monitor;
};

enum {
    FAULT_LOST_IRQ,
    FAULT_NO_PHY_LOCK,
};

static const IMX6Fault hdmi_faults[] = {
    [FAULT_LOST_IRQ] = { "lost-irq", "the interrupt line stays down" },
    [FAULT_NO_PHY_LOCK] = { "no-phy-lock", "the PHY's PLL never locks" },
};

bool imx6_hdmi_connected(IMX6HDMIState *s)
{
    return s->connected;
}

/* Clocks and the picture that comes in */

static uint64_t isfr_hz(IMX6HDMIState *s)
{
    return s->ccm ? imx6q_clk_hz(s->ccm, IMX6Q_CLK_HDMI_ISFR) :
                    ISFR_HZ_UNLINKED;
}

/* The registers are behind the AHB, in the SFR clock's domain. */
static bool clocked(IMX6HDMIState *s, const char *what, hwaddr offset)
{
    if (isfr_hz(s) &&
        (!s->ccm || imx6q_clk_hz(s->ccm, IMX6Q_CLK_HDMI_IAHB))) {
        return true;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "%s: %s 0x%04" HWADDR_PRIx
                  " with a clock off\n", TYPE_IMX6_HDMI, what, offset);
    return false;
}

/* 0, 1: DI0, DI1 of IPU1; 2, 3: of IPU2 */
static unsigned selected_head(IMX6HDMIState *s)
{
    return s->iomuxc ? imx6_iomuxc_gpr(s->iomuxc, 3) >> GPR3_HDMI_MUX_SHIFT & 3
                     : 0;
}

static IMX6IPUHead input(IMX6HDMIState *s)
{
    unsigned n = selected_head(s);

    return s->ipu[n / 2] ? imx6_ipu_head(s->ipu[n / 2], n & 1)
                         : (IMX6IPUHead) { .pixel_hz = 1 };
}

/* State of the PHY, and interrupts */

/*
 * The PHY's PLL multiplies the pixel clock. MC_PHYRSTZ resets this generation
 * of PHY when 1, whatever its name says (Linux: dw_hdmi_phy_gen2_reset()).
 */
static bool phy_locked(IMX6HDMIState *s)
{
    uint8_t conf0 = s->regs[PHY_CONF0];

    return !(s->faults & BIT(FAULT_NO_PHY_LOCK)) &&
           (conf0 & CONF0_TXPWRON) && !(conf0 & CONF0_PDDQ) &&
           !(s->regs[MC_PHYRSTZ] & 1) && input(s).pixel_hz;
}

static uint8_t phy_status(IMX6HDMIState *s)
{
    uint8_t stat = 0;

    if (s->connected && (s->regs[PHY_CONF0] & CONF0_ENHPDRXSENSE)) {
        stat |= PHY_HPD | PHY_RX_SENSE;
    }
    if (phy_locked(s)) {
        stat |= PHY_TX_PHY_LOCK;
    }
    return stat;
}

/* Clocks seen since they were last asked for: IMX6DQRM 33.5.182 */
static uint8_t clocks_present(IMX6HDMIState *s)
{
    uint8_t off = s->regs[MC_CLKDIS], present = 0;

    if (input(s).pixel_hz) {
        present |= off & CLKDIS_PIXEL ? 0 : LOCK_PCLK;
        present |= off & CLKDIS_PREP ? 0 : LOCK_PREPCLK;
    }
    if (phy_locked(s) && !(off & CLKDIS_TMDS)) {
        present |= LOCK_TCLK;
    }
    return present;
}

static void update_irq(IMX6HDMIState *s)
{
    bool level = false;

    for (unsigned i = 0; i < IH_STATS; i++) {
        level |= s->regs[IH_FC_STAT0 + i] & ~s->regs[IH_MUTE_FC_STAT0 + i];
    }
    qemu_set_irq(s->irq, level && !(s->regs[IH_MUTE] & IH_MUTE_ALL) &&
                 !(s->faults & BIT(FAULT_LOST_IRQ)));
}

/*
 * PHY_INT0 is a level, "mask == 0 && polarity == status", that sets the sticky
 * bit for as long as it lasts: a driver must turn the polarity round before
 * it can clear the bit. The other interrupts are pulses.
 */
static void update(IMX6HDMIState *s)
{
    uint8_t stat = phy_status(s);
    uint8_t level = ~s->regs[PHY_MASK0] & ~(stat ^ s->regs[PHY_POL0]) &
                    (PHY_TX_PHY_LOCK | PHY_HPD | PHY_RX_SENSE);
    uint8_t ih = (level & PHY_RX_SENSE) >> 2;

    ih |= level & PHY_HPD ? IH_PHY_HPD : 0;
    ih |= level & PHY_TX_PHY_LOCK ? IH_PHY_TX_PHY_LOCK : 0;
    if (stat != s->regs[PHY_STAT0]) {
        trace_imx6_hdmi_phy_status(stat);
    }
    s->regs[PHY_STAT0] = stat;
    s->regs[PHY_INT0] = level;
    s->regs[IH_PHY_STAT0] |= ih;
    s->regs[MC_LOCKONCLOCK] |= clocks_present(s);
    update_irq(s);
}

/* The two I2C masters */

/* Time of @bits bits, from the divider at @div and the counters at @counts */
static int64_t i2cm_ns(IMX6HDMIState *s, hwaddr div, hwaddr counts,
                       unsigned bits)
{
    const uint8_t *c = &s->regs[counts + (s->regs[div] & DIV_FAST ? 4 : 0)];
    unsigned cycles = (c[0] << 8 | c[1]) + (c[2] << 8 | c[3]);
    uint64_t hz = isfr_hz(s);

    return muldiv64((uint64_t)MAX(cycles, 1) * bits, NANOSECONDS_PER_SECOND,
                    hz ? hz : ISFR_HZ_UNLINKED);
}

/* @base: the master's _INT register, followed by its _CTLINT */
static void i2cm_finish(IMX6HDMIState *s, hwaddr base, hwaddr ih, bool ok)
{
    uint8_t done = s->regs[base], ctl = s->regs[base + 1];

    if (ok && (done & INT_DONE_POL) && !(done & INT_DONE_MASK)) {
        s->regs[ih] |= IH_I2CM_DONE;
    }
    if (!ok && (ctl & CTLINT_NACK_POL) && !(ctl & CTLINT_NACK_MASK)) {
        s->regs[ih] |= IH_I2CM_ERROR;
    }
    update(s);
}

static void i2cm_start(IMX6HDMIState *s, uint8_t *running, QEMUTimer *timer,
                       uint8_t op, int64_t ns)
{
    if (*running) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: I2C operation 0x%x while one is "
                      "under way\n", TYPE_IMX6_HDMI, op);
        return;
    }
    *running = op;
    timer_mod(timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + ns);
}

static void phy_i2c_done(void *opaque)
{
    IMX6HDMIState *s = opaque;
    uint8_t reg = s->regs[PHY_I2CM_ADDRESS];
    bool read = s->phy_op & OPERATION_RD;
    bool ok = s->regs[PHY_I2CM_SLAVE] == PHY_I2C_ADDR &&
              !(s->regs[MC_PHYRSTZ] & 1);
    uint16_t value = s->regs[PHY_I2CM_DATAO_1] << 8 |
                     s->regs[PHY_I2CM_DATAO_0];

    s->phy_op = 0;
    if (ok && read) {
        value = reg < PHY_REGS ? s->phy[reg] : 0;
        s->regs[PHY_I2CM_DATAI_1] = value >> 8;
        s->regs[PHY_I2CM_DATAI_0] = value;
    } else if (ok && reg < PHY_REGS) {
        s->phy[reg] = value;
    }
    trace_imx6_hdmi_phy_i2c(read ? "read" : "write", reg, value, ok);
    i2cm_finish(s, PHY_I2CM_INT, IH_I2CMPHY_STAT0, ok);
}

/* Extended reads set the segment pointer first: VESA E-DDC 1.2, section 2.2 */
static bool ddc_transfer(IMX6HDMIState *s, uint8_t op)
{
    uint8_t slave = s->regs[I2CM_SLAVE];
    bool read = op & (OPERATION_RD | OPERATION_RD_EXT);

    if ((op & OPERATION_RD_EXT) && !(op & OPERATION_RD) &&
        (i2c_start_send(s->ddc, s->regs[I2CM_SEGADDR]) ||
         i2c_send(s->ddc, s->regs[I2CM_SEGPTR]))) {
        return false;
    }
    if (i2c_start_send(s->ddc, slave) ||
        i2c_send(s->ddc, s->regs[I2CM_ADDRESS])) {
        return false;
    }
    if (!read) {
        return !i2c_send(s->ddc, s->regs[I2CM_DATAO]);
    }
    if (i2c_start_recv(s->ddc, slave)) {
        return false;
    }
    s->regs[I2CM_DATAI] = i2c_recv(s->ddc);
    return true;
}

static void ddc_done(void *opaque)
{
    IMX6HDMIState *s = opaque;
    uint8_t op = s->ddc_op;
    bool ok = ddc_transfer(s, op);

    i2c_end_transfer(s->ddc);
    s->ddc_op = 0;
    trace_imx6_hdmi_ddc(s->regs[I2CM_SLAVE], s->regs[I2CM_ADDRESS], op, ok);
    i2cm_finish(s, I2CM_INT, IH_I2CM_STAT0, ok);
}

/* Registers */

static uint64_t imx6_hdmi_read(void *opaque, hwaddr offset, unsigned size)
{
    IMX6HDMIState *s = opaque;
    const HDMIRegInfo *info = imx6_hdmi_reg_info(offset);
    uint8_t value = 0;

    if (!clocked(s, "read", offset)) {
        return 0;
    }
    if (!info) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: no register at 0x%04" HWADDR_PRIx
                      "\n", TYPE_IMX6_HDMI, offset);
        return 0;
    }
    if (info->kind != REG_WO) {
        update(s);              /* the selected head may be another by now */
        value = s->regs[offset];
    }
    trace_imx6_hdmi_read(offset, value);
    return value;
}

static void unimplemented(hwaddr offset, uint8_t value, uint8_t bits,
                          const char *what)
{
    if (value & bits) {
        qemu_log_mask(LOG_UNIMP, "%s: %s (0x%02x to 0x%04" HWADDR_PRIx ")\n",
                      TYPE_IMX6_HDMI, what, value, offset);
    }
}

/* What a write starts, after the register has its new value */
static void written(IMX6HDMIState *s, hwaddr offset, uint8_t value)
{
    switch (offset) {
    case PHY_I2CM_OPERATION:
        if (value & (OPERATION_RD | OPERATION_WR)) {
            /* Address, register, two bytes, each with its acknowledge */
            i2cm_start(s, &s->phy_op, s->phy_timer, value,
                       i2cm_ns(s, PHY_I2CM_DIV, PHY_I2CM_SS_SCL_HCNT_1, 38));
        }
        break;
    case I2CM_OPERATION:
        if (value & (OPERATION_RD | OPERATION_RD_EXT | OPERATION_WR)) {
            i2cm_start(s, &s->ddc_op, s->ddc_timer, value,
                       i2cm_ns(s, I2CM_DIV, I2CM_SS_SCL_HCNT_1, 39));
        }
        break;
    case PHY_I2CM_SOFTRSTZ:
    case I2CM_SOFTRSTZ:
        if (!(value & 1)) {
            timer_del(offset == I2CM_SOFTRSTZ ? s->ddc_timer : s->phy_timer);
            *(offset == I2CM_SOFTRSTZ ? &s->ddc_op : &s->phy_op) = 0;
            s->regs[offset] = 1;
        }
        break;
    case MC_PHYRSTZ:
        if (value & 1) {
            memset(s->phy, 0, sizeof(s->phy));
        }
        break;
    case MC_SWRSTZREQ:
        s->regs[offset] = 0xff;
        break;
    case MC_FLOWCTRL:
        unimplemented(offset, value, FLOWCTRL_CSC, "colour space conversion");
        break;
    case AHB_DMA_START:
        unimplemented(offset, value, 1, "audio");
        break;
    case A_HDCPCFG0:
        unimplemented(offset, value, HDCPCFG0_RXDETECT, "HDCP");
        break;
    case CEC_CTRL:
        unimplemented(offset, value, CEC_CTRL_SEND, "CEC");
        break;
    }
}

static void imx6_hdmi_write(void *opaque, hwaddr offset, uint64_t value,
                            unsigned size)
{
    IMX6HDMIState *s = opaque;
    const HDMIRegInfo *info = imx6_hdmi_reg_info(offset);

    if (!clocked(s, "write", offset)) {
        return;
    }
    trace_imx6_hdmi_write(offset, value);
    if (!info || info->kind == REG_RO) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: write to %s 0x%04" HWADDR_PRIx
                      "\n", TYPE_IMX6_HDMI,
                      info ? "read-only register" : "no register at", offset);
        return;
    }
    if (info->kind == REG_W1C) {
        s->regs[offset] &= ~value;
    } else {
        s->regs[offset] = value & info->mask;
        written(s, offset, value & info->mask);
    }
    imx6_monitor_redraw(&s->monitor);
    update(s);
}

static const MemoryRegionOps imx6_hdmi_ops = {
    .read = imx6_hdmi_read,
    .write = imx6_hdmi_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/* The monitor's picture */

/*
 * In HDMI mode the frame composer places data islands around a picture of the
 * size it was told. In DVI mode there are none and what comes in goes out:
 * inferred from U-Boot's imx_setup_hdmi(), which never tells a size.
 */
static bool shows_picture(void *opaque, const IMX6IPUHead *head)
{
    IMX6HDMIState *s = opaque;
    unsigned width = s->regs[FC_INHACTIV0] | s->regs[FC_INHACTIV1] << 8;
    unsigned height = s->regs[FC_INVACTIV0] | s->regs[FC_INVACTIV1] << 8;

    if (!s->connected || !head->xrgb || !head->width || !phy_locked(s) ||
        (s->regs[MC_CLKDIS] & (CLKDIS_PIXEL | CLKDIS_TMDS))) {
        return false;
    }
    if ((s->regs[FC_INVIDCONF] & INVIDCONF_HDMI) &&
        (width != head->width || height != head->height)) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: %ux%u comes in, %ux%u is set\n",
                      TYPE_IMX6_HDMI, head->width, head->height, width,
                      height);
        return false;
    }
    return true;
}

static IMX6IPUHead monitor_input(void *opaque)
{
    return input(opaque);
}

static const IMX6MonitorOps monitor_ops = {
    .input = monitor_input,
    .shows = shows_picture,
};

/* A head has sent a frame, or has stopped: its pixel clock may have changed. */
static void head_changed(void *opaque, const IMX6IPUHead *head)
{
    IMX6HDMIState *s = opaque;

    if (!head->width) {
        imx6_monitor_redraw(&s->monitor);
    }
    update(s);
}

/* Device */

static bool get_connected(Object *obj, Error **errp)
{
    return IMX6_HDMI(obj)->connected;
}

static void set_connected(Object *obj, bool value, Error **errp)
{
    IMX6HDMIState *s = IMX6_HDMI(obj);

    s->connected = value;
    imx6_monitor_redraw(&s->monitor);
    if (DEVICE(obj)->realized) {
        update(s);
    }
}

static void imx6_hdmi_reset(DeviceState *dev)
{
    IMX6HDMIState *s = IMX6_HDMI(dev);

    imx6_hdmi_reset_regs(s->regs);
    memset(s->phy, 0, sizeof(s->phy));
    timer_del(s->phy_timer);
    timer_del(s->ddc_timer);
    s->phy_op = 0;
    s->ddc_op = 0;
    imx6_monitor_redraw(&s->monitor);
    update(s);
}

static int imx6_hdmi_post_load(void *opaque, int version_id)
{
    IMX6HDMIState *s = opaque;

    imx6_monitor_redraw(&s->monitor);
    return 0;
}

static void imx6_hdmi_realize(DeviceState *dev, Error **errp)
{
    IMX6HDMIState *s = IMX6_HDMI(dev);

    memory_region_init_io(&s->iomem, OBJECT(dev), &imx6_hdmi_ops, s,
                          TYPE_IMX6_HDMI, IMX6_HDMI_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &s->iomem);
    sysbus_init_irq(SYS_BUS_DEVICE(dev), &s->irq);
    s->ddc = i2c_init_bus(dev, "ddc");
    s->phy_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, phy_i2c_done, s);
    s->ddc_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, ddc_done, s);
    imx6_monitor_init(&s->monitor, dev, &monitor_ops, s);
    imx6_monitor_listen(s->ipu, head_changed, s);
}

static void imx6_hdmi_init(Object *obj)
{
    IMX6_HDMI(obj)->connected = true;
}

static void imx6_hdmi_finalize(Object *obj)
{
    IMX6HDMIState *s = IMX6_HDMI(obj);

    timer_free(s->phy_timer);
    timer_free(s->ddc_timer);
}

static const VMStateDescription vmstate_imx6_hdmi = {
    .name = TYPE_IMX6_HDMI,
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = imx6_hdmi_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_TIMER_PTR(phy_timer, IMX6HDMIState),
        VMSTATE_TIMER_PTR(ddc_timer, IMX6HDMIState),
        VMSTATE_UINT8(phy_op, IMX6HDMIState),
        VMSTATE_UINT8(ddc_op, IMX6HDMIState),
        VMSTATE_BOOL(connected, IMX6HDMIState),
        VMSTATE_UINT8_ARRAY(regs, IMX6HDMIState, HDMI_REGS),
        VMSTATE_UINT16_ARRAY(phy, IMX6HDMIState, PHY_REGS),
        VMSTATE_END_OF_LIST()
    },
};

static void hdmi_faults_changed(Object *obj, uint32_t on)
{
    update(IMX6_HDMI(obj));
}

static const Property imx6_hdmi_properties[] = {
    DEFINE_PROP_LINK("ccm", IMX6HDMIState, ccm, TYPE_IMX6_CCM,
                     IMX6CCMState *),
    DEFINE_PROP_LINK("iomuxc", IMX6HDMIState, iomuxc, TYPE_IMX6_IOMUXC,
                     IMX6IOMUXCState *),
    DEFINE_PROP_LINK("ipu1", IMX6HDMIState, ipu[0], TYPE_IMX6_IPU,
                     IMX6IPUState *),
    DEFINE_PROP_LINK("ipu2", IMX6HDMIState, ipu[1], TYPE_IMX6_IPU,
                     IMX6IPUState *),
};

static void imx6_hdmi_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = imx6_hdmi_realize;
    dc->vmsd = &vmstate_imx6_hdmi;
    dc->desc = "i.MX6Q HDMI transmitter";
    set_bit(DEVICE_CATEGORY_DISPLAY, dc->categories);
    device_class_set_legacy_reset(dc, imx6_hdmi_reset);
    device_class_set_props(dc, imx6_hdmi_properties);
    imx6_fault_add(klass, offsetof(IMX6HDMIState, faults), hdmi_faults,
                   ARRAY_SIZE(hdmi_faults), hdmi_faults_changed);
    object_class_property_add_bool(klass, "connected", get_connected,
                                   set_connected);
    object_class_property_set_description(klass, "connected",
        "whether a monitor is plugged in; may be set at any time");
}

static const TypeInfo imx6_hdmi_info = {
    .name = TYPE_IMX6_HDMI,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(IMX6HDMIState),
    .instance_init = imx6_hdmi_init,
    .instance_finalize = imx6_hdmi_finalize,
    .class_init = imx6_hdmi_class_init,
};

static void imx6_hdmi_register(void)
{
    type_register_static(&imx6_hdmi_info);
}

type_init(imx6_hdmi_register)
