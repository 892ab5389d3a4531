/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A monitor's EDID behind the DDC lines: include/hw/imx6/hdmi.h.
 *
 * QEMU's own i2c-ddc describes a DVI monitor that is always plugged in.
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/i2c/i2c.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "hw/imx6/fault.h"
#include "hw/imx6/hdmi.h"
#include "trace.h"

#define EDID_BLOCK              128
#define EDID_SIZE               (2 * EDID_BLOCK)

OBJECT_DECLARE_SIMPLE_TYPE(IMX6HDMIDDCState, IMX6_HDMI_DDC)

struct IMX6HDMIDDCState {
    I2CSlave parent_obj;

    IMX6HDMIState *hdmi;
    char *file;
    uint8_t edid[EDID_SIZE];
    uint32_t size;              /* of what the monitor has */
    uint8_t offset;
    bool first;                 /* the next byte written is the offset */
    uint32_t faults;
};

/*
 * VESA E-EDID 1.3 and CTA-861: 720p preferred (what two host cores can scan
 * out in real time), 1080p, 480p and the usual VESA modes; an HDMI sink.
 * The checksums are filled in.
 */
static const uint8_t edid_base[EDID_BLOCK] = {
    0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00,
    0x4a, 0x63, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00,     /* "RSC", product 1 */
    0x00, 0x24, 0x01, 0x03,                             /* 2026, EDID 1.3 */
    0x80, 0x34, 0x1d, 0x78, 0x0a,                       /* digital, 52x29 cm */
    0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54, /* sRGB */
    0x21, 0x08, 0x00,           /* 640x480, 800x600, 1024x768 at 60 Hz */
    0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
    0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
    /* 1280x720 at 60 Hz, 74.25 MHz */
    0x01, 0x1d, 0x00, 0x72, 0x51, 0xd0, 0x1e, 0x20, 0x6e,
    0x28, 0x55, 0x00, 0x08, 0x22, 0x21, 0x00, 0x00, 0x1e,
    /* 1920x1080 at 60 Hz, 148.5 MHz */
    0x02, 0x3a, 0x80, 0x18, 0x71, 0x38, 0x2d, 0x40, 0x58,
    0x2c, 0x45, 0x00, 0x08, 0x22, 0x21, 0x00, 0x00, 0x1e,
    /* Name */
    0x00, 0x00, 0x00, 0xfc, 0x00, 'R', 'e', 'f', 'S',
    'o', 'C', ' ', 'H', 'D', 'M', 'I', '\n', ' ',
    /* Limits: 50-75 Hz, 30-81 kHz, 170 MHz */
    0x00, 0x00, 0x00, 0xfd, 0x00, 0x32, 0x4b, 0x1e, 0x51,
    0x11, 0x00, '\n', ' ', ' ', ' ', ' ', ' ', ' ',
    0x01,                                               /* one extension */
};

static const uint8_t edid_cta[] = {
    0x02, 0x03, 0x10, 0x01,
    /* Video: 720p60 (native), 1080p60, 720p50, 480p60, 640x480p60 */
    0x45, 0x84, 0x10, 0x13, 0x03, 0x01,
    /* HDMI 1.4 vendor block: physical address 1.0.0.0 */
    0x65, 0x03, 0x0c, 0x00, 0x10, 0x00,
};

static void add_checksum(uint8_t *block)
{
    uint8_t sum = 0;

    for (unsigned i = 0; i < EDID_BLOCK - 1; i++) {
        sum += block[i];
    }
    block[EDID_BLOCK - 1] = -sum;
}

enum {
    FAULT_DEAD_I2C,
};

static const IMX6Fault ddc_faults[] = {
    [FAULT_DEAD_I2C] = { "dead-i2c", "the monitor's EDID does not answer" },
};

static int imx6_hdmi_ddc_event(I2CSlave *i2c, enum i2c_event event)
{
    IMX6HDMIDDCState *s = IMX6_HDMI_DDC(i2c);

    if (event == I2C_START_SEND) {
        s->first = true;
    }
    /* Nobody there: the address is not acknowledged. */
    return ((s->faults & BIT(FAULT_DEAD_I2C)) ||
            (s->hdmi && !imx6_hdmi_connected(s->hdmi))) &&
           (event == I2C_START_SEND || event == I2C_START_RECV);
}

static uint8_t imx6_hdmi_ddc_recv(I2CSlave *i2c)
{
    IMX6HDMIDDCState *s = IMX6_HDMI_DDC(i2c);

    uint8_t value = s->edid[s->offset & (s->size - 1)];

    trace_imx6_hdmi_edid(s->offset, value);
    s->offset++;
    return value;
}

static int imx6_hdmi_ddc_send(I2CSlave *i2c, uint8_t data)
{
    IMX6HDMIDDCState *s = IMX6_HDMI_DDC(i2c);

    if (!s->first) {
        return -1;              /* read-only */
    }
    s->first = false;
    s->offset = data;
    return 0;
}

static void imx6_hdmi_ddc_reset(DeviceState *dev)
{
    IMX6HDMIDDCState *s = IMX6_HDMI_DDC(dev);

    s->offset = 0;
    s->first = false;
}

static void set_own_edid(IMX6HDMIDDCState *s)
{
    memset(s->edid, 0, sizeof(s->edid));
    memcpy(s->edid, edid_base, sizeof(edid_base));
    memcpy(s->edid + EDID_BLOCK, edid_cta, sizeof(edid_cta));
    add_checksum(s->edid);
    add_checksum(s->edid + EDID_BLOCK);
    s->size = EDID_SIZE;
}

static char *get_edid(Object *obj, Error **errp)
{
    return g_strdup(IMX6_HDMI_DDC(obj)->file);
}

static void set_edid(Object *obj, const char *file, Error **errp)
{
    IMX6HDMIDDCState *s = IMX6_HDMI_DDC(obj);
    g_autofree char *edid = NULL;
    g_autoptr(GError) err = NULL;
    gsize size;

    if (!*file) {
        set_own_edid(s);
    } else if (!g_file_get_contents(file, &edid, &size, &err)) {
        error_setg(errp, "%s", err->message);
        return;
    } else if (size != EDID_BLOCK && size != EDID_SIZE) {
        error_setg(errp, "%s: an EDID of %zu bytes, not %u or %u", file,
                   (size_t)size, EDID_BLOCK, EDID_SIZE);
        return;
    } else {
        memcpy(s->edid, edid, size);
        s->size = size;
    }
    g_free(s->file);
    s->file = g_strdup(file);
}

static void imx6_hdmi_ddc_init(Object *obj)
{
    IMX6HDMIDDCState *s = IMX6_HDMI_DDC(obj);

    set_own_edid(s);
    s->file = g_strdup("");
}

static void imx6_hdmi_ddc_finalize(Object *obj)
{
    g_free(IMX6_HDMI_DDC(obj)->file);
}

static int imx6_hdmi_ddc_post_load(void *opaque, int version_id)
{
    IMX6HDMIDDCState *s = opaque;

    return s->size == EDID_BLOCK || s->size == EDID_SIZE ? 0 : -EINVAL;
}

static const VMStateDescription vmstate_imx6_hdmi_ddc = {
    .name = TYPE_IMX6_HDMI_DDC,
    .version_id = 2,
    .minimum_version_id = 2,
    .post_load = imx6_hdmi_ddc_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_I2C_SLAVE(parent_obj, IMX6HDMIDDCState),
        VMSTATE_UINT8_ARRAY(edid, IMX6HDMIDDCState, EDID_SIZE),
        VMSTATE_UINT32(size, IMX6HDMIDDCState),
        VMSTATE_UINT8(offset, IMX6HDMIDDCState),
        VMSTATE_BOOL(first, IMX6HDMIDDCState),
        VMSTATE_END_OF_LIST()
    },
};

static const Property imx6_hdmi_ddc_properties[] = {
    DEFINE_PROP_LINK("hdmi", IMX6HDMIDDCState, hdmi, TYPE_IMX6_HDMI,
                     IMX6HDMIState *),
};

static void imx6_hdmi_ddc_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    I2CSlaveClass *sc = I2C_SLAVE_CLASS(klass);

    dc->vmsd = &vmstate_imx6_hdmi_ddc;
    dc->desc = "EDID of an HDMI monitor";
    device_class_set_legacy_reset(dc, imx6_hdmi_ddc_reset);
    device_class_set_props(dc, imx6_hdmi_ddc_properties);
    object_class_property_add_str(klass, "edid", get_edid, set_edid);
    object_class_property_set_description(klass, "edid",
        "file with the monitor's EDID; may be set at any time");
    imx6_fault_add(klass, offsetof(IMX6HDMIDDCState, faults), ddc_faults,
                   ARRAY_SIZE(ddc_faults), NULL);
    sc->event = imx6_hdmi_ddc_event;
    sc->recv = imx6_hdmi_ddc_recv;
    sc->send = imx6_hdmi_ddc_send;
}

static const TypeInfo imx6_hdmi_ddc_info = {
    .name = TYPE_IMX6_HDMI_DDC,
    .parent = TYPE_I2C_SLAVE,
    .instance_size = sizeof(IMX6HDMIDDCState),
    .instance_init = imx6_hdmi_ddc_init,
    .instance_finalize = imx6_hdmi_ddc_finalize,
    .class_init = imx6_hdmi_ddc_class_init,
};

static void imx6_hdmi_ddc_register(void)
{
    type_register_static(&imx6_hdmi_ddc_info);
}

type_init(imx6_hdmi_ddc_register)
