/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SABRE Lite with the i.MX6Q blocks that the machine "sabrelite" leaves out:
 * the GPUs, the IPUs, the camera path, HDMI, and what their drivers need of
 * power, pads and fuses.
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "hw/arm/fsl-imx6.h"
#include "hw/boards.h"
#include "hw/core/split-irq.h"
#include "hw/i2c/i2c.h"
#include "hw/qdev-properties.h"
#include "hw/sd/sd.h"
#include "hw/sysbus.h"
#include "net/net.h"
#include "system/block-backend.h"
#include "system/blockdev.h"
#include "system/qtest.h"
#include "hw/imx6/apbh.h"
#include "hw/imx6/bootrom.h"
#include "hw/imx6/camera.h"
#include "hw/imx6/clk.h"
#include "hw/imx6/gpc.h"
#include "hw/imx6/hdmi.h"
#include "hw/imx6/iomuxc.h"
#include "hw/imx6/ipu.h"
#include "hw/imx6/ldb.h"
#include "hw/imx6/ocotp.h"
#include "hw/imx6/pwm.h"
#include "hw/imx6/strap.h"
#include "hw/imx6/testdev.h"
#include "hw/imx6/vivante.h"

#define TYPE_SABRELITE_REFSOC MACHINE_TYPE_NAME("sabrelite-refsoc")
OBJECT_DECLARE_TYPE(SabreliteRefsocState, SabreliteRefsocClass,
                    SABRELITE_REFSOC)

struct SabreliteRefsocState {
    MachineState parent_obj;

    FslIMX6State *soc;
    DeviceState *gpc;
    DeviceState *iomuxc;
    char *shot_dir;
    char *record;
    char *edid;
};

struct SabreliteRefsocClass {
    MachineClass parent_class;

    void (*parent_init)(MachineState *machine);
};

/* The id is what QMP's screendump finds a device's console by. */
static DeviceState *new_child(SabreliteRefsocState *s, const char *type,
                              const char *name)
{
    DeviceState *dev = qdev_new(type);

    dev->id = g_strdup(name);
    object_property_add_child(OBJECT(s), name, OBJECT(dev));
    return dev;
}

static void realize_at(DeviceState *dev, hwaddr addr)
{
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, addr);
}

/* Set those of the links to CCM, GPC and IOMUXC that a device has. */
static void link_peers(SabreliteRefsocState *s, DeviceState *dev)
{
    const struct {
        const char *name;
        void *peer;
    } peers[] = {
        { "ccm", &s->soc->ccm },
        { "gpc", s->gpc },
        { "iomuxc", s->iomuxc },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(peers); i++) {
        if (object_property_find(OBJECT(dev), peers[i].name)) {
            object_property_set_link(OBJECT(dev), peers[i].name,
                                     OBJECT(peers[i].peer), &error_fatal);
        }
    }
}

static void add_power_and_pads(SabreliteRefsocState *s)
{
    s->iomuxc = new_child(s, TYPE_IMX6_IOMUXC, "iomuxc");
    realize_at(s->iomuxc, FSL_IMX6_IOMUXC_ADDR);
    s->gpc = new_child(s, TYPE_IMX6_GPC, "gpc");
    link_peers(s, s->gpc);
    realize_at(s->gpc, FSL_IMX6_GPC_ADDR);
}

static void add_basics(SabreliteRefsocState *s)
{
    static const hwaddr pwm_addr[] = {
        FSL_IMX6_PWM1_ADDR, FSL_IMX6_PWM2_ADDR,
        FSL_IMX6_PWM3_ADDR, FSL_IMX6_PWM4_ADDR,
    };
    DeviceState *dev = new_child(s, TYPE_IMX6_OCOTP, "ocotp");

    qdev_prop_set_macaddr(dev, "mac", s->soc->eth.conf.macaddr.a);
    link_peers(s, dev);
    realize_at(dev, FSL_IMX6_OCOTPCTRL_ADDR);

    realize_at(new_child(s, TYPE_IMX6_APBH, "apbh"),
               FSL_IMX6_APBH_BRIDGE_DMA_ADDR);

    for (unsigned i = 0; i < ARRAY_SIZE(pwm_addr); i++) {
        g_autofree char *name = g_strdup_printf("pwm%u", i + 1);

        dev = new_child(s, TYPE_IMX6_PWM, name);
        qdev_prop_set_uint32(dev, "unit", i + 1);
        link_peers(s, dev);
        realize_at(dev, pwm_addr[i]);
        sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0,
                           qdev_get_gpio_in(DEVICE(&s->soc->a9mpcore),
                                            FSL_IMX6_PWM1_IRQ + i));
    }
}

/* A level that the board puts on pin "gpio"_"pin" (numbered from 1) */
static void add_strap(SabreliteRefsocState *s, const char *name, unsigned gpio,
                      unsigned pin, bool level)
{
    DeviceState *dev = new_child(s, TYPE_IMX6_STRAP, name);

    qdev_prop_set_bit(dev, "level", level);
    qdev_connect_gpio_out(dev, 0,
                          qdev_get_gpio_in(DEVICE(&s->soc->gpio[gpio - 1]),
                                           pin));
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
}

/*
 * The two card slots: -drive if=sd,index=0 is the SD slot on uSDHC3 (Linux's
 * mmc0), index 1 the micro-SD slot on uSDHC4 (mmc1). Pins as in Linux's
 * imx6qdl-sabrelite.dtsi: card detect low with a card, write protect high
 * when on; the micro-SD slot has none.
 */
static void add_cards(SabreliteRefsocState *s)
{
    DeviceState *rom = new_child(s, TYPE_IMX6_BOOTROM, "bootrom");

    for (unsigned slot = 0; slot < 2; slot++) {
        DriveInfo *dinfo = drive_get(IF_SD, 0, slot);
        BlockBackend *blk = dinfo ? blk_by_legacy_dinfo(dinfo) : NULL;
        bool present = blk && blk_is_inserted(blk);
        DeviceState *card;

        imx6_bootrom_set_card(rom, slot, blk);
        if (blk) {
            card = qdev_new(TYPE_SD_CARD);
            qdev_prop_set_drive_err(card, "drive", blk, &error_fatal);
            qdev_realize_and_unref(card,
                qdev_get_child_bus(DEVICE(&s->soc->esdhc[2 + slot]), "sd-bus"),
                &error_fatal);
        }
        if (slot == 0) {
            add_strap(s, "sd3-cd", 7, 0, !present);
            add_strap(s, "sd3-wp", 7, 1, present && !blk_is_writable(blk));
        } else {
            add_strap(s, "sd4-cd", 2, 6, !present);
        }
    }

    qdev_prop_set_bit(rom, "enabled",
                      !MACHINE(s)->kernel_filename && !qtest_enabled());
    object_property_set_link(OBJECT(rom), "src", OBJECT(&s->soc->src),
                             &error_fatal);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(rom), &error_fatal);
}

static void add_testdev(SabreliteRefsocState *s)
{
    DeviceState *dev = new_child(s, TYPE_IMX6_TESTDEV, "testdev");

    if (s->shot_dir) {
        qdev_prop_set_string(dev, "shot-dir", s->shot_dir);
    }
    if (s->record) {
        qdev_prop_set_string(dev, "record", s->record);
    }
    realize_at(dev, IMX6_TESTDEV_ADDR);
}

static void add_ipus(SabreliteRefsocState *s)
{
    static const struct {
        const char *name;
        hwaddr addr;
        int irq_sync;
        int irq_err;
    } ipus[] = {
        { "ipu1", FSL_IMX6_IPU_1_ADDR, FSL_IMX6_IPU1_SYNC_IRQ,
          FSL_IMX6_IPU1_ERROR_IRQ },
        { "ipu2", FSL_IMX6_IPU_2_ADDR, FSL_IMX6_IPU2_SYNC_IRQ,
          FSL_IMX6_IPU2_ERROR_IRQ },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(ipus); i++) {
        DeviceState *dev = new_child(s, TYPE_IMX6_IPU, ipus[i].name);
        DeviceState *gic = DEVICE(&s->soc->a9mpcore);

        qdev_prop_set_uint32(dev, "unit", i + 1);
        link_peers(s, dev);
        realize_at(dev, ipus[i].addr);
        sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0,
                           qdev_get_gpio_in(gic, ipus[i].irq_sync));
        sysbus_connect_irq(SYS_BUS_DEVICE(dev), 1,
                           qdev_get_gpio_in(gic, ipus[i].irq_err));
        qdev_connect_gpio_out_named(DEVICE(&s->soc->src), "block-reset",
                                    i ? 4 : 2,
                                    qdev_get_gpio_in_named(dev, "reset", 0));
    }
}

static void add_gpus(SabreliteRefsocState *s)
{
    static const struct {
        const char *core;
        hwaddr addr;
        int irq;
        int reset;              /* the SRC's line */
    } gpus[] = {
        { "gc2000", FSL_IMX6_GPU_3D_ADDR, FSL_IMX6_GPU3D_IRQ, 0 },
        { "gc320", FSL_IMX6_GPU_2D_ADDR, FSL_IMX6_R2D_IRQ, 0 },
        { "gc355", FSL_IMX6_OPENVG_ADDR, FSL_IMX6_V2D_IRQ, 3 },
    };
    DeviceState *power = qdev_new(TYPE_SPLIT_IRQ);
    DeviceState *reset = qdev_new(TYPE_SPLIT_IRQ);
    DeviceState *src = DEVICE(&s->soc->src);

    object_property_add_child(OBJECT(s), "pu-power", OBJECT(power));
    object_property_add_child(OBJECT(s), "gpu-reset", OBJECT(reset));
    qdev_prop_set_uint16(power, "num-lines", ARRAY_SIZE(gpus));
    qdev_prop_set_uint16(reset, "num-lines", 2);
    qdev_realize_and_unref(power, NULL, &error_fatal);
    qdev_realize_and_unref(reset, NULL, &error_fatal);
    qdev_connect_gpio_out_named(s->gpc, "pu-power", 0,
                                qdev_get_gpio_in(power, 0));
    qdev_connect_gpio_out_named(src, "block-reset", 0,
                                qdev_get_gpio_in(reset, 0));
    for (unsigned i = 0; i < ARRAY_SIZE(gpus); i++) {
        DeviceState *dev = new_child(s, TYPE_VIVANTE_GPU, gpus[i].core);
        DeviceState *gic = DEVICE(&s->soc->a9mpcore);
        qemu_irq line = qdev_get_gpio_in_named(dev, "reset", 0);

        qdev_prop_set_string(dev, "core", gpus[i].core);
        link_peers(s, dev);
        realize_at(dev, gpus[i].addr);
        sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0,
                           qdev_get_gpio_in(gic, gpus[i].irq));
        qdev_connect_gpio_out(power, i,
                              qdev_get_gpio_in_named(dev, "power", 0));
        if (gpus[i].reset) {
            qdev_connect_gpio_out_named(src, "block-reset", gpus[i].reset,
                                        line);
        } else {
            qdev_connect_gpio_out(reset, i, line);
        }
    }
}

static void link_ipus(SabreliteRefsocState *s, DeviceState *dev)
{
    static const char * const ipus[] = { "ipu1", "ipu2" };

    for (unsigned i = 0; i < ARRAY_SIZE(ipus); i++) {
        object_property_set_link(OBJECT(dev), ipus[i],
                                 object_resolve_path_at(OBJECT(s), ipus[i]),
                                 &error_fatal);
    }
}

/* A panel on the connector of the first LVDS channel; the second has none. */
static void add_lvds(SabreliteRefsocState *s)
{
    DeviceState *dev = new_child(s, TYPE_IMX6_LDB, "lvds0");

    link_peers(s, dev);
    link_ipus(s, dev);
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
}

/* The connector's DDC pins lead to I2C2 (imx6qdl-sabrelite.dtsi). */
static void add_hdmi(SabreliteRefsocState *s)
{
    DeviceState *dev = new_child(s, TYPE_IMX6_HDMI, "hdmi");
    DeviceState *ddc = DEVICE(i2c_slave_new(TYPE_IMX6_HDMI_DDC,
                                            IMX6_HDMI_DDC_ADDR));

    link_peers(s, dev);
    link_ipus(s, dev);
    realize_at(dev, FSL_IMX6_HDMI_ADDR);
    sysbus_connect_irq(SYS_BUS_DEVICE(dev), 0,
                       qdev_get_gpio_in(DEVICE(&s->soc->a9mpcore),
                                        FSL_IMX6_HDMI_MASTER_IRQ));

    object_property_add_child(OBJECT(s), "hdmi-ddc", OBJECT(ddc));
    object_property_set_link(OBJECT(ddc), "hdmi", OBJECT(dev), &error_fatal);
    if (s->edid) {
        object_property_set_str(OBJECT(ddc), "edid", s->edid, &error_fatal);
    }
    qdev_realize_and_unref(ddc,
        QLIST_FIRST(&DEVICE(&s->soc->i2c[1])->child_bus), &error_fatal);
}

/*
 * What imx6qdl-sabrelite.dtsi says: an OV5640 on I2C2, RESETB at GPIO2_5 and
 * PWDN at GPIO6_9, XCLK from PWM3, two data lanes to the CSI-2 receiver. What
 * imx6q.dtsi says: one virtual channel for each camera port.
 */
static void add_camera(SabreliteRefsocState *s)
{
    static const char * const ports[] = {
        "ipu1/csi0", "ipu1/csi1", "ipu2/csi0", "ipu2/csi1",
    };
    DeviceState *gic = DEVICE(&s->soc->a9mpcore);
    DeviceState *csi2 = new_child(s, TYPE_IMX6_MIPI_CSI2, "mipi-csi2");
    DeviceState *sensor = DEVICE(i2c_slave_new(TYPE_OV5640, OV5640_I2C_ADDR));
    BusState *i2c2 = QLIST_FIRST(&DEVICE(&s->soc->i2c[1])->child_bus);

    for (unsigned i = 0; i < ARRAY_SIZE(ports); i++) {
        g_autofree char *link = g_strdup_printf("csi[%u]", i);
        Object *port = object_resolve_path_at(OBJECT(s), ports[i]);

        object_property_set_link(OBJECT(csi2), link, port, &error_fatal);
    }
    link_peers(s, csi2);
    realize_at(csi2, IMX6_MIPI_CSI2_ADDR);
    sysbus_connect_irq(SYS_BUS_DEVICE(csi2), 0,
                       qdev_get_gpio_in(gic, IMX6_MIPI_CSI2_IRQ1));
    sysbus_connect_irq(SYS_BUS_DEVICE(csi2), 1,
                       qdev_get_gpio_in(gic, IMX6_MIPI_CSI2_IRQ2));

    object_property_add_child(OBJECT(s), "ov5640", OBJECT(sensor));
    object_property_set_link(OBJECT(sensor), "csi2", OBJECT(csi2),
                             &error_fatal);
    object_property_set_link(OBJECT(sensor), "xclk",
                             object_resolve_path_at(OBJECT(s), "pwm3"),
                             &error_fatal);
    qdev_realize_and_unref(sensor, i2c2, &error_fatal);
    qdev_connect_gpio_out(DEVICE(&s->soc->gpio[1]), 5,
                          qdev_get_gpio_in_named(sensor, "resetb", 0));
    qdev_connect_gpio_out(DEVICE(&s->soc->gpio[5]), 9,
                          qdev_get_gpio_in_named(sensor, "pwdn", 0));
}

static void sabrelite_refsoc_init(MachineState *machine)
{
    SabreliteRefsocState *s = SABRELITE_REFSOC(machine);

    SABRELITE_REFSOC_GET_CLASS(s)->parent_init(machine);
    s->soc = FSL_IMX6(object_resolve_path_component(OBJECT(s), "soc"));
    imx6q_clk_add_properties(&s->soc->ccm);
    add_power_and_pads(s);
    add_basics(s);
    add_cards(s);
    add_testdev(s);
    add_ipus(s);
    add_hdmi(s);
    add_lvds(s);
    add_gpus(s);
    add_camera(s);
}

static char *get_shot_dir(Object *obj, Error **errp)
{
    return g_strdup(SABRELITE_REFSOC(obj)->shot_dir);
}

static void set_shot_dir(Object *obj, const char *value, Error **errp)
{
    SabreliteRefsocState *s = SABRELITE_REFSOC(obj);

    g_free(s->shot_dir);
    s->shot_dir = g_strdup(value);
}

static char *get_record(Object *obj, Error **errp)
{
    return g_strdup(SABRELITE_REFSOC(obj)->record);
}

static void set_record(Object *obj, const char *value, Error **errp)
{
    SabreliteRefsocState *s = SABRELITE_REFSOC(obj);

    g_free(s->record);
    s->record = g_strdup(value);
}

static char *get_edid(Object *obj, Error **errp)
{
    return g_strdup(SABRELITE_REFSOC(obj)->edid);
}

static void set_edid(Object *obj, const char *value, Error **errp)
{
    SabreliteRefsocState *s = SABRELITE_REFSOC(obj);

    g_free(s->edid);
    s->edid = g_strdup(value);
}

static void sabrelite_refsoc_class_init(ObjectClass *oc, void *data)
{
    MachineClass *mc = MACHINE_CLASS(oc);

    SABRELITE_REFSOC_CLASS(oc)->parent_init = mc->init;
    mc->desc = "SABRE Lite with GPUs, IPUs, HDMI and camera (Cortex-A9)";
    mc->init = sabrelite_refsoc_init;
    object_class_property_add_str(oc, "shot-dir", get_shot_dir, set_shot_dir);
    object_class_property_set_description(oc, "shot-dir",
        "folder for the pictures a test on the board asks for");
    object_class_property_add_str(oc, "record", get_record, set_record);
    object_class_property_set_description(oc, "record",
        "file for the record of bus masters' accesses and frames");
    object_class_property_add_str(oc, "edid", get_edid, set_edid);
    object_class_property_set_description(oc, "edid",
        "file with the EDID of the monitor on HDMI");
}

static const TypeInfo sabrelite_refsoc_info = {
    .name = TYPE_SABRELITE_REFSOC,
    .parent = MACHINE_TYPE_NAME("sabrelite"),
    .instance_size = sizeof(SabreliteRefsocState),
    .class_size = sizeof(SabreliteRefsocClass),
    .class_init = sabrelite_refsoc_class_init,
};

static void sabrelite_refsoc_register(void)
{
    type_register_static(&sabrelite_refsoc_info);
}

type_init(sabrelite_refsoc_register)
