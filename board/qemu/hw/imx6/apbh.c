/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q APBH bridge DMA, as far as a board without NAND flash needs it.
 *
 * IMX6DQRM rev. 6, chapter 14. The block resets and its control registers
 * keep what is written; channels do not run, since their only clients are
 * GPMI and BCH, which SABRE Lite does not use.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "hw/imx6/apbh.h"

OBJECT_DECLARE_SIMPLE_TYPE(IMX6APBHState, IMX6_APBH)

/* Each register has SET, CLR and TOG aliases. */
#define CTRL0                   0x000
#define   CTRL0_SFTRST          (1u << 31)
#define   CTRL0_CLKGATE         (1u << 30)
#define   CTRL0_RESET           0xe0000000
#define CHANNEL_CTRL            0x030
#define DEVSEL                  0x040
#define VERSION                 0x800
#define   VERSION_VALUE         0x03010000
#define NUM_CTRLS               4               /* CTRL0-2, CHANNEL_CTRL */

struct IMX6APBHState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    uint32_t ctrl[NUM_CTRLS];
};

static void reset_regs(IMX6APBHState *s)
{
    memset(s->ctrl, 0, sizeof(s->ctrl));
    s->ctrl[CTRL0] = CTRL0_RESET;
}

static uint64_t imx6_apbh_read(void *opaque, hwaddr offset, unsigned size)
{
    IMX6APBHState *s = opaque;

    if (offset < DEVSEL) {
        return s->ctrl[offset / 16];
    }
    if (offset == VERSION) {
        return VERSION_VALUE;
    }
    qemu_log_mask(LOG_UNIMP, "%s: read of 0x%" HWADDR_PRIx "\n",
                  TYPE_IMX6_APBH, offset);
    return 0;
}

static void imx6_apbh_write(void *opaque, hwaddr offset, uint64_t value,
                            unsigned size)
{
    IMX6APBHState *s = opaque;
    uint32_t *reg = &s->ctrl[offset / 16 % NUM_CTRLS];
    uint32_t old = *reg;

    if (offset >= DEVSEL) {
        qemu_log_mask(LOG_UNIMP, "%s: write of 0x%" PRIx64 " to 0x%"
                      HWADDR_PRIx "\n", TYPE_IMX6_APBH, value, offset);
        return;
    }
    switch (offset & 0xc) {
    case 0x0:
        *reg = value;
        break;
    case 0x4:
        *reg |= value;
        break;
    case 0x8:
        *reg &= ~value;
        break;
    case 0xc:
        *reg ^= value;
        break;
    }
    /* 14.4.10: a soft reset also gates the clock */
    if (offset < CTRL0 + 0x10 && (*reg & ~old & CTRL0_SFTRST)) {
        reset_regs(s);
    }
}

static const MemoryRegionOps imx6_apbh_ops = {
    .read = imx6_apbh_read,
    .write = imx6_apbh_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

static void imx6_apbh_reset(DeviceState *dev)
{
    reset_regs(IMX6_APBH(dev));
}

static void imx6_apbh_init(Object *obj)
{
    IMX6APBHState *s = IMX6_APBH(obj);

    memory_region_init_io(&s->iomem, obj, &imx6_apbh_ops, s, TYPE_IMX6_APBH,
                          0x2000);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->iomem);
}

static const VMStateDescription vmstate_imx6_apbh = {
    .name = TYPE_IMX6_APBH,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(ctrl, IMX6APBHState, NUM_CTRLS),
        VMSTATE_END_OF_LIST()
    },
};

static void imx6_apbh_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->desc = "i.MX6Q APBH bridge DMA (control registers)";
    dc->vmsd = &vmstate_imx6_apbh;
    device_class_set_legacy_reset(dc, imx6_apbh_reset);
}

static const TypeInfo imx6_apbh_info = {
    .name = TYPE_IMX6_APBH,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(IMX6APBHState),
    .instance_init = imx6_apbh_init,
    .class_init = imx6_apbh_class_init,
};

static void imx6_apbh_register(void)
{
    type_register_static(&imx6_apbh_info);
}

type_init(imx6_apbh_register)
