/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Boot ROM stage: include/hw/imx6/bootrom.h.
 *
 * After each reset the image vector table is read at 1 KiB of the card, the
 * boot image loaded to where it says, and CPU 0 sent there (IMX6DQRM 8.7).
 * The device configuration data (DCD), which sets up the DRAM, is checked
 * but not executed: QEMU's DRAM needs none. The ROM's own code is not there;
 * a card that does not boot leaves the CPU waiting, where silicon would go
 * on to the serial downloader.
 */

#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/units.h"
#include "exec/address-spaces.h"
#include "hw/misc/imx6_ccm.h"
#include "hw/misc/imx6_src.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "system/block-backend.h"
#include "hw/imx6/bootrom.h"
#include "trace.h"

OBJECT_DECLARE_SIMPLE_TYPE(IMX6BootROMState, IMX6_BOOTROM)

#define ROM_ADDR                0x00000000
#define OCRAM_ADDR              0x00900000
#define OCRAM_SIZE              (256 * KiB)
#define ANALOG_ADDR             0x020c8000
#define DRAM_ADDR               0x10000000

#define IVT_OFFSET              0x400
#define INITIAL_LOAD            (4 * KiB)
#define MAX_IMAGE               (16 * MiB)

#define TAG_IVT                 0xd1
#define TAG_DCD                 0xd2
#define DCD_WRITE               0xcc
#define DCD_CHECK               0xcf
#define DCD_NOP                 0xc0
#define DCD_UNLOCK              0xb2

/* 8.5.3.1: 4 bit SD on uSDHC3; 8.2.1: internal boot */
#define SBMR1_SD_USDHC3         0x00003040
#define SBMR1_PORT_STEP         0x00000800
#define SBMR2_INTERNAL_BOOT     0x02000000

struct IMX6BootROMState {
    SysBusDevice parent_obj;

    BlockBackend *blk[2];
    IMX6SRCState *src;
    bool enabled;
};

typedef struct IVT {
    uint32_t entry;
    uint32_t dcd;
    uint32_t boot_data;
    uint32_t self;
} IVT;

typedef struct BootData {
    uint32_t start;
    uint32_t length;
    uint32_t plugin;
} BootData;

/* Header of IVT and DCD: tag, length (big endian), version */
static bool header_ok(const uint8_t *h, uint8_t tag, unsigned *length)
{
    *length = lduw_be_p(h + 1);
    return h[0] == tag && (h[3] & 0xf0) == 0x40;
}

/* 8.7.2: a list of commands, each with its own header */
static const char *check_dcd(const uint8_t *dcd, size_t room)
{
    unsigned length, n;

    if (room < 4 || !header_ok(dcd, TAG_DCD, &length) || length > room ||
        length < 4) {
        return "the DCD has no valid header or is too long";
    }
    for (unsigned at = 4; at < length; at += n) {
        if (length - at < 4) {
            return "the DCD ends within a command";
        }
        n = lduw_be_p(dcd + at + 1);
        if (n < 4 || n > length - at) {
            return "a command of the DCD has a wrong length";
        }
        switch (dcd[at]) {
        case DCD_WRITE:
        case DCD_CHECK:
        case DCD_NOP:
        case DCD_UNLOCK:
            break;
        default:
            return "the DCD has an unknown command";
        }
    }
    return NULL;
}

static bool in_memory(uint64_t start, uint64_t length)
{
    uint64_t end = start + length;

    return (start >= DRAM_ADDR && end <= 4 * GiB) ||
           (start >= OCRAM_ADDR && end <= OCRAM_ADDR + OCRAM_SIZE);
}

static void read_ivt(const uint8_t *head, IVT *ivt)
{
    const uint8_t *p = head + IVT_OFFSET;

    ivt->entry = ldl_le_p(p + 4);
    ivt->dcd = ldl_le_p(p + 12);
    ivt->boot_data = ldl_le_p(p + 16);
    ivt->self = ldl_le_p(p + 20);
}

/* Where in the first 4 KiB of the card an address of the image lies, or 0 */
static uint32_t offset_of(const IVT *ivt, uint32_t addr, uint32_t size)
{
    uint64_t offset = (uint64_t)addr - ivt->self + IVT_OFFSET;

    return addr >= ivt->self && offset + size <= INITIAL_LOAD ? offset : 0;
}

/* NULL, or why the first 4 KiB of the card are no boot image */
static const char *check_image(const uint8_t *head, IVT *ivt, BootData *data)
{
    unsigned length;
    uint32_t at;

    if (!header_ok(head + IVT_OFFSET, TAG_IVT, &length) || length != 32) {
        return "no image vector table at 1 KiB";
    }
    read_ivt(head, ivt);
    at = offset_of(ivt, ivt->boot_data, sizeof(*data));
    if (!at) {
        return "the boot data are not within the first 4 KiB";
    }
    data->start = ldl_le_p(head + at);
    data->length = ldl_le_p(head + at + 4);
    data->plugin = ldl_le_p(head + at + 8);
    if (data->plugin & 1) {
        return "plugin images are not supported";
    }
    if (ivt->self - IVT_OFFSET != data->start || data->length < INITIAL_LOAD ||
        data->length > MAX_IMAGE || !in_memory(data->start, data->length)) {
        return "start or length of the image are wrong";
    }
    if (ivt->entry < data->start ||
        ivt->entry - data->start >= data->length) {
        return "the entry point is not within the image";
    }
    if (ivt->dcd) {
        at = offset_of(ivt, ivt->dcd, 4);
        return at ? check_dcd(head + at, INITIAL_LOAD - at) :
               "the DCD is not within the first 4 KiB";
    }
    return NULL;
}

/* Load the image; its entry point, or 0 */
static uint32_t load(BlockBackend *blk)
{
    g_autofree uint8_t *head = g_malloc(INITIAL_LOAD);
    g_autofree uint8_t *image = NULL;
    const char *why = "the card cannot be read";
    BootData data;
    IVT ivt;

    if (blk_pread(blk, 0, INITIAL_LOAD, head, 0) >= 0) {
        why = check_image(head, &ivt, &data);
    }
    if (!why) {
        image = g_malloc0(data.length);
        /* The length may run past the end of the file system's gap. */
        if (blk_pread(blk, 0, MIN(data.length, MAX(0, blk_getlength(blk))),
                      image, 0) < 0) {
            why = "the card cannot be read";
        }
    }
    if (why) {
        error_report("boot ROM: %s", why);
        return 0;
    }
    trace_imx6_bootrom_load(data.start, data.length, ivt.entry);
    address_space_write(&address_space_memory, data.start,
                        MEMTXATTRS_UNSPECIFIED, image, data.length);
    return ivt.entry;
}

/* Table 8-3: PLL1 at 792 MHz, PLL2 at 528 MHz, PLL3 at 480 MHz, all on */
static void start_plls(void)
{
    static const struct {
        unsigned reg;
        uint32_t value;
    } plls[] = {
        { CCM_ANALOG_PLL_ARM, 0x00002042 },
        { CCM_ANALOG_PLL_SYS, 0x00002001 },
        { CCM_ANALOG_PLL_USB1, 0x00003000 },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(plls); i++) {
        address_space_stl_le(&address_space_memory,
                             ANALOG_ADDR + 4 * plls[i].reg,
                             plls[i].value, MEMTXATTRS_UNSPECIFIED, NULL);
    }
}

/* The reset vector: jump to the image, or wait for ever. */
static void write_vector(uint32_t entry)
{
    uint32_t code[] = {
        cpu_to_le32(0xe51ff004),        /* ldr pc, [pc, #-4] */
        cpu_to_le32(entry),
    };

    if (!entry) {
        code[0] = cpu_to_le32(0xe320f003);      /* wfi */
        code[1] = cpu_to_le32(0xeafffffd);      /* b 0 */
    }
    address_space_write_rom(&address_space_memory, ROM_ADDR,
                            MEMTXATTRS_UNSPECIFIED, code, sizeof(code));
}

static void imx6_bootrom_reset_exit(Object *obj, ResetType type)
{
    IMX6BootROMState *s = IMX6_BOOTROM(obj);
    unsigned port = 0;
    bool card;

    if (!s->blk[0] || !blk_is_inserted(s->blk[0])) {
        port = 1;
    }
    card = s->blk[port] && blk_is_inserted(s->blk[port]);
    if (s->src) {
        s->src->regs[SRC_SBMR1] = SBMR1_SD_USDHC3 + port * SBMR1_PORT_STEP;
        s->src->regs[SRC_SBMR2] = SBMR2_INTERNAL_BOOT;
    }
    if (!s->enabled) {
        return;
    }
    start_plls();
    if (!card) {
        error_report("boot ROM: no card to boot from");
    }
    write_vector(card ? load(s->blk[port]) : 0);
}

void imx6_bootrom_set_card(DeviceState *dev, unsigned slot, BlockBackend *blk)
{
    assert(slot < 2);
    IMX6_BOOTROM(dev)->blk[slot] = blk;
}

static const Property imx6_bootrom_properties[] = {
    DEFINE_PROP_BOOL("enabled", IMX6BootROMState, enabled, true),
    DEFINE_PROP_LINK("src", IMX6BootROMState, src, TYPE_IMX6_SRC,
                     IMX6SRCState *),
};

static void imx6_bootrom_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->desc = "i.MX6Q boot ROM stage";
    RESETTABLE_CLASS(klass)->phases.exit = imx6_bootrom_reset_exit;
    device_class_set_props(dc, imx6_bootrom_properties);
}

static const TypeInfo imx6_bootrom_info = {
    .name = TYPE_IMX6_BOOTROM,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(IMX6BootROMState),
    .class_init = imx6_bootrom_class_init,
};

static void imx6_bootrom_register(void)
{
    type_register_static(&imx6_bootrom_info);
}

type_init(imx6_bootrom_register)
