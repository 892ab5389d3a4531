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
#include "ui/console.h"
#include "hw/imx6/clk.h"
#include "hw/imx6/iomuxc.h"
#include "hw/imx6/ipu.h"
#include "hw/imx6/ldb.h"

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

    QemuConsole *con;
    IMX6CCMState *ccm;
    IMX6IOMUXCState *iomuxc;
    IMX6IPUState *ipu[2];
    uint32_t channel;

    bool blank;                 /* what the console shows */
    bool redraw;
    uint64_t shown_frame;
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

static bool shows_picture(IMX6LDBState *s, const IMX6IPUHead *head)
{
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

/* 18 bits: six a colour on the lower lines of the bus, red on top */
static void show_row(IMX6LDBState *s, const uint32_t *bus, uint32_t *out,
                     unsigned n)
{
    if (gpr2(s) & DATA_WIDTH_24(s->channel)) {
        memcpy(out, bus, n * 4);
        return;
    }
    for (unsigned i = 0; i < n; i++) {
        uint32_t rgb = (bus[i] & 0x3f000) << 6 | (bus[i] & 0xfc0) << 4 |
                       (bus[i] & 0x3f) << 2;

        out[i] = rgb | (rgb >> 6 & 0x030303);
    }
}

static void show_head(IMX6LDBState *s, const IMX6IPUHead *head)
{
    DisplaySurface *surface;

    qemu_console_resize(s->con, head->width, head->height);
    surface = qemu_console_surface(s->con);
    for (unsigned row = 0; row < head->height; row++) {
        uint8_t *out = surface_data(surface);

        show_row(s, head->xrgb + (size_t)row * head->width,
                 (uint32_t *)(out + (size_t)row * surface_stride(surface)),
                 head->width);
    }
    dpy_gfx_update_full(s->con);
}

static void show_blank(IMX6LDBState *s)
{
    DisplaySurface *surface = qemu_console_surface(s->con);

    memset(surface_data(surface), 0,
           (size_t)surface_stride(surface) * surface_height(surface));
    dpy_gfx_update_full(s->con);
}

static void console_update(void *opaque)
{
    IMX6LDBState *s = opaque;
    IMX6IPUHead head = s->iomuxc ? input(s) : (IMX6IPUHead) { 0 };

    if (!s->redraw && head.frame == s->shown_frame &&
        gpr2(s) == s->shown_gpr2) {
        return;
    }
    s->redraw = false;
    s->shown_frame = head.frame;
    s->shown_gpr2 = gpr2(s);
    if (shows_picture(s, &head)) {
        s->blank = false;
        show_head(s, &head);
    } else if (!s->blank) {
        s->blank = true;
        show_blank(s);
    }
}

static void console_invalidate(void *opaque)
{
    IMX6LDBState *s = opaque;

    s->redraw = true;
    s->blank = false;
}

static const GraphicHwOps console_ops = {
    .invalidate = console_invalidate,
    .gfx_update = console_update,
};

/* Frames are asked for when somebody looks; that it stopped is not. */
static void head_changed(void *opaque, const IMX6IPUHead *head)
{
    IMX6LDBState *s = opaque;

    s->redraw |= !head->width;
}

static void imx6_ldb_reset(DeviceState *dev)
{
    IMX6_LDB(dev)->redraw = true;
}

static int imx6_ldb_post_load(void *opaque, int version_id)
{
    IMX6LDBState *s = opaque;

    s->redraw = true;
    return 0;
}

static void imx6_ldb_realize(DeviceState *dev, Error **errp)
{
    IMX6LDBState *s = IMX6_LDB(dev);

    if (s->channel > 1) {
        error_setg(errp, "%s: there are channels 0 and 1", TYPE_IMX6_LDB);
        return;
    }
    s->con = graphic_console_init(dev, 0, &console_ops, s);
    for (unsigned n = 0; n < 4; n++) {
        if (s->ipu[n / 2]) {
            imx6_ipu_head_listen(s->ipu[n / 2], n & 1, head_changed, s);
        }
    }
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
