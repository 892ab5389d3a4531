/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Test device of the emulated board: see include/hw/imx6/testdev.h.
 *
 *   0x00 ID     ro  0x52665443
 *   0x04 EXIT   wo  leave QEMU with this exit status
 *   0x08 SHOT   wo  take the next whole frame of every head as picture <n>
 *   0x0c SHOTS  ro  pictures taken since reset
 *   0x10 NOTE   wo  write a note with this value into the record
 *   0x14 RECORD wo  1: open the record, 0: close it
 *   0x18 NS_LO  ro  virtual time in ns; latches NS_HI
 *   0x1c NS_HI  ro
 *   0x20 GATE   ro  the property "gate": how a test outside lets one here go on
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "qapi/error.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "system/runstate.h"
#include "hw/imx6/dma.h"
#include "hw/imx6/testdev.h"
#include "trace.h"

OBJECT_DECLARE_SIMPLE_TYPE(IMX6TestdevState, IMX6_TESTDEV)

struct IMX6TestdevState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    char *shot_dir;
    char *record_path;
    uint32_t wanted;            /* number of the picture asked for */
    uint32_t taken;
    uint32_t ns_hi;
    uint32_t gate;              /* a tester's, not the machine's: stays */
    bool pending;
    bool recording;
};

/* There is one, and displays find it without knowing the machine. */
static IMX6TestdevState *the_testdev;

static void write_ppm(const char *path, const uint32_t *xrgb, unsigned width,
                      unsigned height, size_t stride)
{
    FILE *f = fopen(path, "wb");

    if (!f) {
        error_report("cannot write the picture %s: %s", path, strerror(errno));
        return;
    }
    fprintf(f, "P6\n%u %u\n255\n", width, height);
    for (unsigned y = 0; y < height; y++) {
        const uint32_t *row = xrgb + y * stride / 4;

        for (unsigned x = 0; x < width; x++) {
            uint8_t rgb[3] = { row[x] >> 16, row[x] >> 8, row[x] };

            fwrite(rgb, 3, 1, f);
        }
    }
    fclose(f);
}

void imx6_testdev_frame_done(const char *head, const uint32_t *xrgb,
                             unsigned width, unsigned height, size_t stride)
{
    IMX6TestdevState *s = the_testdev;
    g_autofree char *path = NULL;

    if (!s || !s->pending || !s->shot_dir) {
        return;
    }
    path = g_strdup_printf("%s/%s-%u.ppm", s->shot_dir, head, s->wanted);
    write_ppm(path, xrgb, width, height, stride);
    trace_imx6_testdev_shot(head, s->wanted);
    s->pending = false;
    s->taken++;
}

static uint64_t imx6_testdev_read(void *opaque, hwaddr offset, unsigned size)
{
    IMX6TestdevState *s = opaque;
    int64_t now;

    switch (offset) {
    case 0x00:
        return 0x52665443;
    case 0x0c:
        return s->taken;
    case 0x18:
        now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        s->ns_hi = now >> 32;
        return (uint32_t)now;
    case 0x1c:
        return s->ns_hi;
    case 0x20:
        return s->gate;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "%s: no register at 0x%" HWADDR_PRIx "\n",
                  TYPE_IMX6_TESTDEV, offset);
    return 0;
}

static void set_recording(IMX6TestdevState *s, bool on)
{
    Error *err = NULL;

    s->recording = on;
    if (!on) {
        imx6_dma_record_close();
    } else if (s->record_path && !imx6_dma_record_open(s->record_path, &err)) {
        error_report_err(err);
    }
}

static void imx6_testdev_write(void *opaque, hwaddr offset, uint64_t value,
                               unsigned size)
{
    IMX6TestdevState *s = opaque;

    switch (offset) {
    case 0x04:
        imx6_dma_record_close();
        qemu_system_shutdown_request_with_code(SHUTDOWN_CAUSE_GUEST_SHUTDOWN,
                                               value & 0xff);
        return;
    case 0x08:
        s->wanted = value;
        s->pending = true;
        return;
    case 0x10:
        imx6_dma_record_note("guest", value);
        return;
    case 0x14:
        set_recording(s, value & 1);
        return;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "%s: no register at 0x%" HWADDR_PRIx "\n",
                  TYPE_IMX6_TESTDEV, offset);
}

static const MemoryRegionOps imx6_testdev_ops = {
    .read = imx6_testdev_read,
    .write = imx6_testdev_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

static void imx6_testdev_init(Object *obj)
{
    object_property_add_uint32_ptr(obj, "gate", &IMX6_TESTDEV(obj)->gate,
                                   OBJ_PROP_FLAG_READWRITE);
}

static void imx6_testdev_reset(DeviceState *dev)
{
    IMX6TestdevState *s = IMX6_TESTDEV(dev);

    s->wanted = 0;
    s->taken = 0;
    s->pending = false;
}

static void imx6_testdev_realize(DeviceState *dev, Error **errp)
{
    IMX6TestdevState *s = IMX6_TESTDEV(dev);

    memory_region_init_io(&s->iomem, OBJECT(dev), &imx6_testdev_ops, s,
                          TYPE_IMX6_TESTDEV, 0x1000);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &s->iomem);
    the_testdev = s;
}

/* The record goes on, in a file of this process. */
static int imx6_testdev_post_load(void *opaque, int version_id)
{
    IMX6TestdevState *s = opaque;

    if (s->recording) {
        set_recording(s, true);
    }
    return 0;
}

static const VMStateDescription vmstate_imx6_testdev = {
    .name = TYPE_IMX6_TESTDEV,
    .version_id = 2,
    .minimum_version_id = 2,
    .post_load = imx6_testdev_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(wanted, IMX6TestdevState),
        VMSTATE_UINT32(taken, IMX6TestdevState),
        VMSTATE_UINT32(ns_hi, IMX6TestdevState),
        VMSTATE_BOOL(pending, IMX6TestdevState),
        VMSTATE_BOOL(recording, IMX6TestdevState),
        VMSTATE_END_OF_LIST()
    },
};

static const Property imx6_testdev_properties[] = {
    DEFINE_PROP_STRING("shot-dir", IMX6TestdevState, shot_dir),
    DEFINE_PROP_STRING("record", IMX6TestdevState, record_path),
};

static void imx6_testdev_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->realize = imx6_testdev_realize;
    dc->vmsd = &vmstate_imx6_testdev;
    device_class_set_legacy_reset(dc, imx6_testdev_reset);
    device_class_set_props(dc, imx6_testdev_properties);
}

static const TypeInfo imx6_testdev_info = {
    .name = TYPE_IMX6_TESTDEV,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(IMX6TestdevState),
    .instance_init = imx6_testdev_init,
    .class_init = imx6_testdev_class_init,
};

static void imx6_testdev_register(void)
{
    type_register_static(&imx6_testdev_info);
}

type_init(imx6_testdev_register)
