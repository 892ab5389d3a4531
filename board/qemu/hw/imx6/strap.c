/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fixed level on a pin of the board: include/hw/imx6/strap.h.
 */

#include "qemu/osdep.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "hw/imx6/strap.h"

OBJECT_DECLARE_SIMPLE_TYPE(IMX6StrapState, IMX6_STRAP)

struct IMX6StrapState {
    SysBusDevice parent_obj;

    qemu_irq pin;
    bool level;
};

/* In the last phase: GPIO controllers forget their inputs in an earlier one. */
static void imx6_strap_reset_exit(Object *obj, ResetType type)
{
    IMX6StrapState *s = IMX6_STRAP(obj);

    qemu_set_irq(s->pin, s->level);
}

static void imx6_strap_init(Object *obj)
{
    qdev_init_gpio_out(DEVICE(obj), &IMX6_STRAP(obj)->pin, 1);
}

static const Property imx6_strap_properties[] = {
    DEFINE_PROP_BOOL("level", IMX6StrapState, level, false),
};

static void imx6_strap_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->desc = "fixed level on a pin";
    RESETTABLE_CLASS(klass)->phases.exit = imx6_strap_reset_exit;
    device_class_set_props(dc, imx6_strap_properties);
}

static const TypeInfo imx6_strap_info = {
    .name = TYPE_IMX6_STRAP,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(IMX6StrapState),
    .instance_init = imx6_strap_init,
    .class_init = imx6_strap_class_init,
};

static void imx6_strap_register(void)
{
    type_register_static(&imx6_strap_info);
}

type_init(imx6_strap_register)
