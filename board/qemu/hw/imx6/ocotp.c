/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * i.MX6Q fuses: include/hw/imx6/ocotp.h.
 *
 * IMX6DQRM rev. 6, chapter 46; the meaning of the words is chapter 5, fuse
 * map. Burnt fuses last as long as the process.
 */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "hw/qdev-properties.h"
#include "hw/sysbus.h"
#include "migration/vmstate.h"
#include "net/net.h"
#include "hw/imx6/clk.h"
#include "hw/imx6/fault.h"
#include "hw/imx6/ocotp.h"
#include "trace.h"

#define CTRL                    0x00            /* SET, CLR, TOG follow */
#define   CTRL_ADDR             0x0000007f
#define   CTRL_BUSY             (1 << 8)
#define   CTRL_ERROR            (1 << 9)
#define   CTRL_RELOAD           (1 << 10)
#define   CTRL_WR_UNLOCK        0xffff0000
#define   CTRL_KEY              0x3e770000
#define   CTRL_MASK             (CTRL_ADDR | CTRL_RELOAD | CTRL_WR_UNLOCK)
#define TIMING                  0x10
#define DATA                    0x20
#define READ_CTRL               0x30
#define READ_FUSE_DATA          0x40
#define SW_STICKY               0x50
#define SCS                     0x60            /* SET, CLR, TOG follow */
#define   SCS_LOCK              (1u << 31)
#define VERSION                 0x90
#define SHADOW                  0x400           /* a word each 16 bytes */

#define NUM_WORDS               128
#define RELOADED_WORDS          48              /* banks 0 to 5 */
#define IPG_DEFAULT_HZ          66000000
#define READ_LOCKED             0xbadabada

/* Words with a name */
#define WORD_LOCK               0x00
#define WORD_CFG0               0x01
#define WORD_CFG1               0x02
#define WORD_CFG3               0x04
#define WORD_MEM0               0x08
#define WORD_ANA1               0x0e
#define WORD_RESP0              0x20
#define WORD_RESP1              0x21
#define WORD_MAC0               0x22
#define WORD_MAC1               0x23

struct IMX6OCOTPState {
    SysBusDevice parent_obj;

    MemoryRegion iomem;
    IMX6CCMState *ccm;
    MACAddr mac;
    QEMUTimer *timer;

    uint32_t ctrl;
    uint32_t timing;
    uint32_t data;
    uint32_t read_ctrl;
    uint32_t read_data;
    uint32_t sticky;
    uint32_t scs;
    uint32_t fuse[NUM_WORDS];
    uint32_t shadow[NUM_WORDS];
    uint32_t faults;
};

/*
 * Regions with a field in the LOCK word, 46.6: bit 0 forbids to burn fuses,
 * bit 1 to write the shadow. A field of one bit forbids both.
 */
static const struct {
    uint8_t first;
    uint8_t last;
    uint8_t shift;
    uint8_t width;
} regions[] = {
    { 0x01, 0x03, 0, 2 },       /* TESTER: unique ID */
    { 0x05, 0x06, 2, 2 },       /* BOOT_CFG */
    { 0x08, 0x0c, 4, 2 },       /* MEM_TRIM */
    { 0x0d, 0x0f, 18, 2 },      /* ANALOG */
    { 0x18, 0x1f, 14, 1 },      /* SRK */
    { 0x20, 0x21, 6, 1 },       /* SJC_RESP */
    { 0x22, 0x23, 8, 2 },       /* MAC_ADDR */
    { 0x26, 0x26, 10, 2 },      /* GP1 */
    { 0x27, 0x27, 12, 2 },      /* GP2 */
    { 0x2d, 0x2d, 22, 1 },      /* MISC_CONF */
};

static bool is_locked(IMX6OCOTPState *s, unsigned word, bool burn)
{
    uint32_t lock = s->shadow[WORD_LOCK];

    for (unsigned i = 0; i < ARRAY_SIZE(regions); i++) {
        if (word >= regions[i].first && word <= regions[i].last) {
            unsigned bit = burn || regions[i].width == 1 ? 0 : 1;

            return extract32(lock, regions[i].shift + bit, 1);
        }
    }
    return !burn && word == WORD_LOCK;
}

static uint64_t ipg_hz(IMX6OCOTPState *s)
{
    return s->ccm ? imx6q_clk_hz(s->ccm, IMX6Q_CLK_OCOTP) : IPG_DEFAULT_HZ;
}

static void start(IMX6OCOTPState *s, uint64_t clocks)
{
    uint64_t hz = ipg_hz(s) ?: IPG_DEFAULT_HZ;

    s->ctrl |= CTRL_BUSY;
    timer_mod(s->timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
              MAX(1, clocks * NANOSECONDS_PER_SECOND / hz));
}

static void fail(IMX6OCOTPState *s, const char *why)
{
    qemu_log_mask(LOG_GUEST_ERROR, "%s: %s\n", TYPE_IMX6_OCOTP, why);
    s->ctrl |= CTRL_ERROR;
}

static void load_shadows(IMX6OCOTPState *s)
{
    memcpy(s->shadow, s->fuse, sizeof(s->shadow));
}

enum {
    FAULT_STUCK_BUSY,
};

static const IMX6Fault ocotp_faults[] = {
    [FAULT_STUCK_BUSY] = { "stuck-busy",
      "what was started, a read or a burn, never ends" },
};

static void imx6_ocotp_done(void *opaque)
{
    IMX6OCOTPState *s = opaque;

    if (s->faults & BIT(FAULT_STUCK_BUSY)) {
        return;
    }
    if (s->ctrl & CTRL_RELOAD) {
        load_shadows(s);
    }
    s->ctrl &= ~(CTRL_BUSY | CTRL_RELOAD);
}

static void ocotp_faults_changed(Object *obj, uint32_t on)
{
    IMX6OCOTPState *s = IMX6_OCOTP(obj);

    if (!(on & BIT(FAULT_STUCK_BUSY)) && (s->ctrl & CTRL_BUSY)) {
        timer_mod(s->timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
    }
}

/* 46.3.1.2, software write sequence: one word, only ones are burnt */
static void burn(IMX6OCOTPState *s, uint32_t value)
{
    unsigned word = s->ctrl & CTRL_ADDR;
    uint32_t strobe = extract32(s->timing, 0, 12) + 1;
    uint32_t relax = 2 * (extract32(s->timing, 12, 4) + 1);

    s->data = value;
    if ((s->ctrl & CTRL_WR_UNLOCK) != CTRL_KEY) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: DATA written without the key\n",
                      TYPE_IMX6_OCOTP);
        return;
    }
    if (is_locked(s, word, true)) {
        fail(s, "locked fuse word written");
        return;
    }
    trace_imx6_ocotp_burn(word, value);
    s->ctrl &= ~CTRL_WR_UNLOCK;         /* the key is for one write */
    s->fuse[word] |= value;
    start(s, strobe > relax ? strobe - relax : 1);
}

static void read_fuse(IMX6OCOTPState *s)
{
    unsigned word = s->ctrl & CTRL_ADDR;

    if ((word == WORD_RESP0 || word == WORD_RESP1) &&
        is_locked(s, word, true)) {
        s->read_data = READ_LOCKED;
        fail(s, "locked fuse word read");
        return;
    }
    s->read_data = s->fuse[word];
    start(s, extract32(s->timing, 16, 6) + 1);
}

/* What a register with SET, CLR and TOG aliases becomes */
static uint32_t sct(uint32_t old, hwaddr offset, uint32_t value)
{
    switch (offset & 0xc) {
    case 0x4:
        return old | value;
    case 0x8:
        return old & ~value;
    case 0xc:
        return old ^ value;
    default:
        return value;
    }
}

static void write_ctrl(IMX6OCOTPState *s, hwaddr offset, uint32_t value)
{
    uint32_t old = s->ctrl;

    if (offset == CTRL + 8 && (value & CTRL_ERROR)) {
        s->ctrl &= ~CTRL_ERROR;
    }
    if (s->ctrl & CTRL_BUSY) {
        fail(s, "CTRL written while busy");
        return;
    }
    s->ctrl = (s->ctrl & ~CTRL_MASK) | (sct(old, offset, value) & CTRL_MASK);
    if (s->ctrl & CTRL_RELOAD & ~old) {
        start(s, RELOADED_WORDS * (extract32(s->timing, 16, 6) + 1));
    }
}

static void write_shadow(IMX6OCOTPState *s, unsigned word, uint32_t value)
{
    if (is_locked(s, word, false)) {
        fail(s, "locked shadow register written");
        return;
    }
    s->shadow[word] = value;
}

static bool is_shadow(hwaddr offset)
{
    return offset >= SHADOW && offset < SHADOW + 16 * NUM_WORDS &&
           !(offset & 0xf);
}

static bool ocotp_clocked(IMX6OCOTPState *s, hwaddr offset)
{
    if (ipg_hz(s)) {
        return true;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "%s: register 0x%" HWADDR_PRIx " accessed "
                  "with the clock off\n", TYPE_IMX6_OCOTP, offset);
    return false;
}

static uint32_t read_shadow(IMX6OCOTPState *s, unsigned word)
{
    if ((word == WORD_RESP0 || word == WORD_RESP1) &&
        is_locked(s, word, false)) {
        fail(s, "locked shadow register read");
        return READ_LOCKED;
    }
    return s->shadow[word];
}

static uint64_t imx6_ocotp_read(void *opaque, hwaddr offset, unsigned size)
{
    IMX6OCOTPState *s = opaque;

    if (!ocotp_clocked(s, offset)) {
        return 0;
    }
    if (is_shadow(offset)) {
        return read_shadow(s, (offset - SHADOW) / 16);
    }
    switch (offset) {
    case CTRL ... CTRL + 0xc:
        return s->ctrl;
    case TIMING:
        return s->timing;
    case DATA:
        return s->data;
    case READ_CTRL:
        return s->read_ctrl;
    case READ_FUSE_DATA:
        return s->read_data;
    case SW_STICKY:
        return s->sticky;
    case SCS ... SCS + 0xc:
        return s->scs;
    case VERSION:
        return 0x02000000;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "%s: no register at 0x%" HWADDR_PRIx "\n",
                  TYPE_IMX6_OCOTP, offset);
    return 0;
}

static void write_reg(IMX6OCOTPState *s, hwaddr offset, uint32_t value)
{
    switch (offset) {
    case TIMING:
        s->timing = value & 0x0fffffff;
        break;
    case DATA:
        burn(s, value);
        break;
    case READ_CTRL:
        s->read_ctrl = value & 1;
        if (s->read_ctrl) {
            read_fuse(s);
        }
        break;
    case SW_STICKY:
        s->sticky |= value & 0x1e;
        break;
    case SCS ... SCS + 0xc:
        if (!(s->scs & SCS_LOCK)) {
            s->scs = sct(s->scs, offset, value);
        }
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "%s: no writable register at 0x%"
                      HWADDR_PRIx "\n", TYPE_IMX6_OCOTP, offset);
    }
}

static void imx6_ocotp_write(void *opaque, hwaddr offset, uint64_t value,
                             unsigned size)
{
    IMX6OCOTPState *s = opaque;

    trace_imx6_ocotp_write(offset, value);
    if (!ocotp_clocked(s, offset)) {
        return;
    }
    if (offset <= CTRL + 0xc) {
        write_ctrl(s, offset, value);
    } else if (s->ctrl & CTRL_BUSY) {
        fail(s, "register written while busy");
    } else if (s->ctrl & CTRL_ERROR) {
        qemu_log_mask(LOG_GUEST_ERROR, "%s: register written while ERROR is "
                      "set\n", TYPE_IMX6_OCOTP);
    } else if (is_shadow(offset)) {
        write_shadow(s, (offset - SHADOW) / 16, value);
    } else {
        write_reg(s, offset, value);
    }
}

static const MemoryRegionOps imx6_ocotp_ops = {
    .read = imx6_ocotp_read,
    .write = imx6_ocotp_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

/* An MCIMX6Q5EYM10: 1 GHz, extended commercial; chapter 5, fuse map */
static void factory_fuses(IMX6OCOTPState *s)
{
    const uint8_t *mac = s->mac.a;

    s->fuse[WORD_LOCK] = 0x000c0033;    /* TESTER, MEM_TRIM, ANALOG */
    s->fuse[WORD_CFG0] = 0x52656653;    /* unique ID */
    s->fuse[WORD_CFG1] = 0x6f433651;
    s->fuse[WORD_CFG3] = 2 << 16;       /* SPEED_GRADING: 996 MHz */
    s->fuse[WORD_MEM0] = 1 << 6;        /* TEMPERATURE_GRADE: -20 to 105 C */
    s->fuse[WORD_ANA1] = 0x57d4f769;    /* count at 25 C, at 105 C; 105 */
    s->fuse[WORD_MAC0] = ldl_be_p(mac + 2);
    s->fuse[WORD_MAC1] = lduw_be_p(mac);
}

static void imx6_ocotp_reset(DeviceState *dev)
{
    IMX6OCOTPState *s = IMX6_OCOTP(dev);

    timer_del(s->timer);
    s->ctrl = 0;
    s->timing = 0x01461299;
    s->data = 0;
    s->read_ctrl = 0;
    s->read_data = 0;
    s->sticky = 0;
    s->scs = 0;
    load_shadows(s);
}

static void imx6_ocotp_realize(DeviceState *dev, Error **errp)
{
    IMX6OCOTPState *s = IMX6_OCOTP(dev);

    memory_region_init_io(&s->iomem, OBJECT(dev), &imx6_ocotp_ops, s,
                          TYPE_IMX6_OCOTP, 0x4000);
    sysbus_init_mmio(SYS_BUS_DEVICE(dev), &s->iomem);
    s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, imx6_ocotp_done, s);
    factory_fuses(s);
}

static const VMStateDescription vmstate_imx6_ocotp = {
    .name = TYPE_IMX6_OCOTP,
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_TIMER_PTR(timer, IMX6OCOTPState),
        VMSTATE_UINT32(ctrl, IMX6OCOTPState),
        VMSTATE_UINT32(timing, IMX6OCOTPState),
        VMSTATE_UINT32(data, IMX6OCOTPState),
        VMSTATE_UINT32(read_ctrl, IMX6OCOTPState),
        VMSTATE_UINT32(read_data, IMX6OCOTPState),
        VMSTATE_UINT32(sticky, IMX6OCOTPState),
        VMSTATE_UINT32(scs, IMX6OCOTPState),
        VMSTATE_UINT32_ARRAY(fuse, IMX6OCOTPState, NUM_WORDS),
        VMSTATE_UINT32_ARRAY(shadow, IMX6OCOTPState, NUM_WORDS),
        VMSTATE_END_OF_LIST()
    },
};

static const Property imx6_ocotp_properties[] = {
    DEFINE_PROP_MACADDR("mac", IMX6OCOTPState, mac),
    DEFINE_PROP_LINK("ccm", IMX6OCOTPState, ccm, TYPE_IMX6_CCM,
                     IMX6CCMState *),
};

static void imx6_ocotp_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);

    dc->desc = "i.MX6Q fuses";
    dc->realize = imx6_ocotp_realize;
    dc->vmsd = &vmstate_imx6_ocotp;
    device_class_set_legacy_reset(dc, imx6_ocotp_reset);
    device_class_set_props(dc, imx6_ocotp_properties);
    imx6_fault_add(klass, offsetof(IMX6OCOTPState, faults), ocotp_faults,
                   ARRAY_SIZE(ocotp_faults), ocotp_faults_changed);
}

static const TypeInfo imx6_ocotp_info = {
    .name = TYPE_IMX6_OCOTP,
    .parent = TYPE_SYS_BUS_DEVICE,
    .instance_size = sizeof(IMX6OCOTPState),
    .class_init = imx6_ocotp_class_init,
};

static void imx6_ocotp_register(void)
{
    type_register_static(&imx6_ocotp_info);
}

type_init(imx6_ocotp_register)
