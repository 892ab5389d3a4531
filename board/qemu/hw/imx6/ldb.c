/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q LVDS display bridge: include/hw/imx6/ldb.h.
 *
 * What is known of the control register is what Linux's imx-ldb.c and U-Boot's
 * nitrogen6x.c set. A channel serializes seven bits a pixel clock: it needs
 * its ldb_di clock, and the pixels must come at that clock's rate.
 * Not modelled: both channels for one panel (split mode).
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "qemu/log.h"
#include "qapi/error.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "hw/imx6/clk.h"
#include "hw/imx6/iomuxc.h"
#include "hw/imx6/ipu.h"
#include "hw/imx6/ldb.h"
#include "hw/imx6/monitor.h"

/* IOMUXC_GPR2 */
#define MODE_SHIFT(ch)          (2 * (ch))      /* 1: first input, 3: second */
#define MODE_ON                 1
#define MODE_SECOND             2
#define SPLIT_MODE_EN           (1 << 4)
#define DATA_WIDTH_24(ch)       (1 << (5 + 2 * (ch)))
/* IOMUXC_GPR3: which head an input is, counted IPU1 DI0, DI1, IPU2 DI0, DI1 */
#define MUX_SHIFT(input)        (6 + 2 * (input))

struct IMX6LDBState {
    SysBusDevice parent_obj;

    IMX6CCMState *ccm;
    IMX6IOMUXCState *iomuxc;
    IMX6IPUState *ipu[2];
    uint32_t channel;

    IMX6Monitor monitor;
    uint32_t shown_gpr2;
};

static uint32_t gpr2(IMX6LDBState *s)
{
    return s->iomuxc ? imx6_iomuxc_gpr(s->iomuxc, 2) : 0;
}

static unsigned mode(IMX6LDBState *s)
{
    return gpr2(s) >> MODE_SHIFT(s->channel) & 3;
}

static IMX6IPUHead input(IMX6LDBState *s)
{
    bool second = mode(s) & MODE_SECOND;
    unsigned n = imx6_iomuxc_gpr(s->iomuxc, 3) >> MUX_SHIFT(second) & 3;

    return s->ipu[n / 2] ? imx6_ipu_head(s->ipu[n / 2], n & 1)
                         : (IMX6IPUHead) { 0 };
}

/* Within a hundredth: dividers on both ways round differently. */
static bool clock_fits(IMX6LDBState *s, const IMX6IPUHead *head)
{
    int64_t hz = !s->ccm ? head->pixel_hz :
                 imx6q_clk_hz(s->ccm, s->channel ? IMX6Q_CLK_LDB_DI1 :
                                                   IMX6Q_CLK_LDB_DI0);
    int64_t off = hz - (int64_t)head->pixel_hz;

    if (off > hz / 100 || off < -(hz / 100)) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: pixels come at %" PRIu64
                      " Hz, ldb_di%u is %" PRId64 " Hz\n", TYPE_IMX6_LDB,
                      head->pixel_hz, s->channel, hz);
        return false;
    }
    return hz;
}

static bool shows_picture(void *opaque, const IMX6IPUHead *head)
{
    IMX6LDBState *s = opaque;

    if (!(mode(s) & MODE_ON) || !head->xrgb || !head->width ||
        !head->pixel_hz) {
        return false;
    }
    if (gpr2(s) & SPLIT_MODE_EN) {
        qemu_log_mask(LOG_UNIMP, "%s: split mode\n", TYPE_IMX6_LDB);
        return false;
    }
    return clock_fits(s, head);
}

static void show_row(void *opaque, const uint32_t *bus, uint32_t *out,
                     unsigned n)
{
    IMX6LDBState *s = opaque;

    if (gpr2(s) & DATA_WIDTH_24(s->channel)) {
        memcpy(out, bus, n * 4);
    } else {
        imx6_monitor_rgb666(UINT32_MAX, bus, out, n);
    }
}

/* Nobody tells when GPR2 changes. */
static IMX6IPUHead monitor_input(void *opaque)
{
    IMX6LDBState *s = opaque;

    if (gpr2(s) != s->shown_gpr2) {
        s->shown_gpr2 = gpr2(s);
        imx6_monitor_redraw(&s->monitor);
    }
    return s->iomuxc ? input(s) : (IMX6IPUHead) { 0 };
}

static const IMX6MonitorOps monitor_ops = {
    .input = monitor_input,
    .shows = shows_picture,
    .row = show_row,
};

/* Frames are asked for when somebody looks; that they stopped is not. */
static void head_changed(void *opaque, const IMX6IPUHead *head)
{
    IMX6LDBState *s = opaque;

    if (!head->width) {
        imx6_monitor_redraw(&s->monitor);
    }
}

static void imx6_ldb_reset(DeviceState *dev)
{
    imx6_monitor_redraw(&IMX6_LDB(dev)->monitor);
}

static int imx6_ldb_post_load(void *opaque, int version_id)
{
    IMX6LDBState *s = opaque;

    imx6_monitor_redraw(&s->monitor);
    return 0;
}

static void imx6_ldb_realize(DeviceState *dev, Error **errp)
{
    IMX6LDBState *s = IMX6_LDB(dev);

    if (s->channel > 1) {
        error_setg(errp, "%s: there are channels 0 and 1", TYPE_IMX6_LDB);
        return;
    }
    imx6_monitor_init(&s->monitor, dev, &monitor_ops, s);
    imx6_monitor_listen(s->ipu, head_changed, s);
}

static const VMStateDescription vmstate_imx6_ldb = {
    .name = TYPE_IMX6_LDB,
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = imx6_ldb_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_END_OF_LIST()
    },
};

static const Property imx6_ldb_properties[] = {
    DEFINE_PROP_UINT32("channel", IMX6LDBState, channel, 0),
    DEFINE_PROP_LINK("ccm", IMX6LDBState, ccm, TYPE_IMX6_CCM,
                     IMX6CCMState *),
    DEFINE_PROP_LINK("iomuxc", IMX6LDBState, iomuxc, TYPE_IMX6_IOMUXC,
                     IMX6IOMUXCState *),
    DEFINE_PROP_LINK("ipu1", IMX6LDBState, ipu[0], TYPE_IMX6_IPU,
                     IMX6IPUState *),
    DEFINE_PROP_LINK("ipu2", IMX6LDBState, ipu[1], TYPE_IMX6_IPU,
                     IMX6IPUState *),
};

static void imx6_ldb_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = imx6_ldb_realize;
    dc->vmsd = &vmstate_imx6_ldb;
    dc->desc = "i.MX6Q LVDS display bridge";
    set_bit(DEVICE_CATEGORY_DISPLAY, dc->categories);
    device_class_set_legacy_reset(dc, imx6_ldb_reset);
    device_class_set_props(dc, imx6_ldb_properties);
}

static const TypeInfo imx6_ldb_info = {
    .name = TYPE_IMX6_LDB,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(IMX6LDBState),
    .class_init = imx6_ldb_class_init,
};

static void imx6_ldb_register(void)
{
    type_register_static(&imx6_ldb_info);
}

type_init(imx6_ldb_register)
