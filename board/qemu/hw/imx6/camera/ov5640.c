/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * OmniVision OV5640 camera sensor, MIPI CSI-2 side.
 *
 * OV5640 data sheet 2.03 (register names and reset values of chapter 7); the
 * clock tree and the lane numbers where the data sheet is silent or wrong are
 * as drivers/media/i2c/ov5640.c of Linux found them on the chip.
 *
 * What it sees is in ov5640_card.c. Exposure, gain, white balance, scaling
 * and the like are storage: the picture is drawn at the output size. The
 * parallel port (DVP) and JPEG are not modelled.
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "qemu/host-utils.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/timer.h"
#include "hw/i2c/i2c.h"
#include "hw/irq.h"
#include "hw/qdev-properties.h"
#include "migration/vmstate.h"
#include "hw/imx6/camera.h"
#include "hw/imx6/csi2_link.h"
#include "hw/imx6/fault.h"
#include "hw/imx6/pwm.h"
#include "ov5640_card.h"
#include "trace.h"

#define REG_FIRST               0x3000
#define REG_COUNT               0x3000

#define R_SYS_CTRL0             0x3008
#define   SYS_RESET             BIT(7)
#define   SYS_POWER_DOWN        BIT(6)
#define R_CHIP_ID_HI            0x300a
#define R_CHIP_ID_LO            0x300b
#define R_MIPI_CTRL00           0x300e  /* SC: MIPI CONTROL 00 */
#define   MIPI_LANES_SHIFT      5
#define   MIPI_TX_PD            BIT(4)
#define   MIPI_RX_PD            BIT(3)
#define   MIPI_ENABLE           BIT(2)
#define R_PAD_OUTPUT00          0x3019
#define   SLEEP_LP11_CLOCK      BIT(4)
#define   SLEEP_LP11_DATA(n)    (BIT(5) << (n))
#define R_CHIP_REV              0x302a
#define R_PLL_CTRL0             0x3034
#define R_PLL_CTRL1             0x3035
#define R_PLL_CTRL2             0x3036
#define R_PLL_CTRL3             0x3037
#define R_SCCB_ID               0x3100
#define R_ROOT_DIVIDER          0x3108
#define R_DVPHO                 0x3808
#define R_DVPVO                 0x380a
#define R_HTS                   0x380c
#define R_VTS                   0x380e
#define R_TC_REG20              0x3820
#define R_TC_REG21              0x3821
#define   TC_JPEG               BIT(5)
#define   TC_SENSOR             BIT(1)
#define R_FRAME_OFF             0x4202
#define R_FORMAT00              0x4300
#define R_MIPI_CTRL00_PORT      0x4800
#define   PORT_GATE_CLOCK       BIT(5)
#define   PORT_IDLE_LP11        BIT(2)
#define R_MIPI_CTRL14           0x4814
#define R_ISP_MUX               0x501f
#define R_TEST_SET1             0x503d
#define R_AVG                   0x56a1

/* Input clock the chip is made for (Linux's ov5640.c), in Hz */
#define XCLK_MIN                6000000
#define XCLK_MAX                54000000

/* PLL1 is not made for more (Linux's ov5640.c). */
#define PLL1_MAX                1000000000

#define MAX_HEIGHT              0x7ff   /* 0x380a has three bits */

/* A frame goes out in this many pieces at least. */
#define BANDS                   16
#define MIN_FRAME_NS            (2 * SCALE_MS)

OBJECT_DECLARE_SIMPLE_TYPE(OV5640State, OV5640)

/* What the registers ask for, taken over at the start of each frame. */
typedef struct OV5640Mode {
    uint32_t sclk;
    uint32_t hts;
    uint32_t vts;
    uint32_t width;
    uint32_t height;
    uint32_t format;
    uint32_t dt;
    uint32_t vc;
} OV5640Mode;

struct OV5640State {
    I2CSlave parent_obj;

    CSI2Sink *sink;
    IMX6PWMState *xclk_pwm;     /* whose output is XCLK, if it is not fixed */
    uint32_t xclk_hz;

    uint8_t regs[REG_COUNT];
    uint16_t pointer;           /* register the bus is at */
    uint8_t pointer_bytes;      /* of it received since the start */
    bool resetb;
    bool pwdn;

    QEMUTimer timer;
    bool streaming;
    bool in_frame;
    int64_t base_ns;            /* start of frame 0 at this mode's pace */
    uint64_t base_frames;       /* whole frames since then */
    uint32_t number;            /* frames since stream-on */
    uint32_t line;              /* next to go out */
    OV5640Mode mode;

    CSI2Lanes lanes;            /* last told to the receiver */
    OV5640Card card;
    uint8_t *band;
    uint32_t faults;
};

enum {
    FAULT_DEAD_I2C,
    FAULT_NO_LP11,
    FAULT_NO_CLOCK,
    FAULT_NO_FRAMES,
    FAULT_SHORT_FRAMES,
    FAULT_LATE_FRAMES,
};

static const IMX6Fault ov5640_faults[] = {
    [FAULT_DEAD_I2C] = { "dead-i2c", "nothing answers on the I2C bus" },
    [FAULT_NO_LP11] = { "no-lp11",
      "lanes never show the stop state, LP-11, between bursts" },
    [FAULT_NO_CLOCK] = { "no-clock",
      "the clock lane never leaves its stop state" },
    [FAULT_NO_FRAMES] = { "no-frames",
      "the lanes are up, but no packet comes" },
    [FAULT_SHORT_FRAMES] = { "short-frames",
      "frames end after half of their lines" },
    [FAULT_LATE_FRAMES] = { "late-frames", "every other frame is left out" },
};

static uint8_t reg(OV5640State *s, unsigned addr)
{
    return s->regs[addr - REG_FIRST];
}

static unsigned reg16(OV5640State *s, unsigned addr)
{
    return reg(s, addr) << 8 | reg(s, addr + 1);
}

static const struct {
    uint16_t addr;
    uint8_t value;
} reset_values[] = {
    { 0x3001, 0x08 }, { 0x3002, 0x1c }, { 0x3004, 0xcf }, { 0x3005, 0xf7 },
    { 0x3006, 0xe3 }, { 0x3007, 0xff },
    { R_SYS_CTRL0, 0x02 },
    { R_CHIP_ID_HI, 0x56 }, { R_CHIP_ID_LO, 0x40 },
    { R_MIPI_CTRL00, 0x58 },
    { R_CHIP_REV, 0xb0 }, { 0x302c, 0x02 },
    { R_PLL_CTRL0, 0x1a }, { R_PLL_CTRL1, 0x11 }, { R_PLL_CTRL2, 0x69 },
    { R_PLL_CTRL3, 0x03 },
    { R_SCCB_ID, OV5640_I2C_ADDR << 1 }, { R_ROOT_DIVIDER, 0x16 },
    /* AWB gains of 1.0, exposure of 32 lines, gain of 1.0 */
    { 0x3400, 0x04 }, { 0x3402, 0x04 }, { 0x3404, 0x04 },
    { 0x3501, 0x02 }, { 0x350b, 0x10 },
    { 0x3804, 0x0a }, { 0x3805, 0x3f }, { 0x3806, 0x07 }, { 0x3807, 0x9f },
    { 0x3808, 0x0a }, { 0x3809, 0x20 }, { 0x380a, 0x07 }, { 0x380b, 0x98 },
    { 0x380c, 0x0b }, { 0x380d, 0x1c }, { 0x380e, 0x07 }, { 0x380f, 0xb0 },
    { 0x3811, 0x10 }, { 0x3813, 0x04 }, { 0x3814, 0x11 }, { 0x3815, 0x11 },
    { R_TC_REG20, 0x40 },
    { 0x3a00, 0x78 }, { 0x3a0f, 0x78 }, { 0x3a10, 0x68 },
    { 0x3a1b, 0x78 }, { 0x3a1e, 0x68 },
    { R_FORMAT00, 0xf8 },
    { 0x4740, 0x20 },
    { R_MIPI_CTRL00_PORT, 0x04 }, { R_MIPI_CTRL14, 0x2a }, { 0x4837, 0x10 },
    /* An average in the middle of what auto exposure aims at */
    { R_AVG, 0x34 },
};

static void set_registers_to_reset(OV5640State *s)
{
    memset(s->regs, 0, sizeof(s->regs));
    for (unsigned i = 0; i < ARRAY_SIZE(reset_values); i++) {
        s->regs[reset_values[i].addr - REG_FIRST] = reset_values[i].value;
    }
    i2c_slave_set_address(I2C_SLAVE(s), OV5640_I2C_ADDR);
}

static uint32_t xclk(OV5640State *s)
{
    uint64_t hz = s->xclk_pwm ? imx6_pwm_output_hz(s->xclk_pwm) : s->xclk_hz;

    return hz >= XCLK_MIN && hz <= XCLK_MAX ? hz : 0;
}

/* Does the chip live: answer on the bus, run its clocks? */
static bool powered(OV5640State *s)
{
    return s->resetb && !s->pwdn && xclk(s);
}

/*
 * PLL1 and what the system divider makes of it, in Hz: "the clock tree is
 * probably as follows" in Linux's ov5640.c.
 */
static uint64_t pll1_hz(OV5640State *s)
{
    static const uint8_t prediv2x[16] = {
        /* Twice the divider of 0x3037[3:0]; 5 is 1.5, 7 is 2.5 */
        2, 2, 4, 6, 8, 3, 12, 5, 16,
    };
    unsigned pre = prediv2x[reg(s, R_PLL_CTRL3) & 0xf];

    return pre ? (uint64_t)xclk(s) * reg(s, R_PLL_CTRL2) * 2 / pre : 0;
}

static uint64_t pll_hz(OV5640State *s)
{
    unsigned sys = reg(s, R_PLL_CTRL1) >> 4;

    return pll1_hz(s) / (sys ? sys : 16);
}

/* The sensor core's clock: a line takes HTS of these. */
static uint32_t sclk_hz(OV5640State *s)
{
    unsigned mode = reg(s, R_PLL_CTRL0) & 0xf;
    unsigned bit_div2x = mode == 8 ? 4 : mode == 10 ? 5 : 2;
    unsigned root = (reg(s, R_PLL_CTRL3) >> 4 & 1) + 1;
    uint64_t hz = pll_hz(s) / root * 2 / bit_div2x;

    return MIN(hz >> (reg(s, R_ROOT_DIVIDER) & 3), UINT32_MAX);
}

static unsigned lane_count(OV5640State *s)
{
    /*
     * The data sheet has 0 for one lane and 1 for two; what works on the chip
     * for two lanes is 2 (Linux's ov5640_set_stream_mipi()).
     */
    return reg(s, R_MIPI_CTRL00) >> MIPI_LANES_SHIFT ? 2 : 1;
}

static bool mipi_on(OV5640State *s)
{
    uint8_t ctrl = reg(s, R_MIPI_CTRL00);

    return powered(s) && !(reg(s, R_SYS_CTRL0) & SYS_POWER_DOWN) &&
           (ctrl & MIPI_ENABLE) && !(ctrl & (MIPI_TX_PD | MIPI_RX_PD));
}

static bool wants_frames(OV5640State *s)
{
    return mipi_on(s) && !(reg(s, R_FRAME_OFF) & 0xf);
}

static void update_lanes(OV5640State *s)
{
    CSI2Lanes lanes;
    CSI2LaneState idle = CSI2_LANE_OFF, stop = CSI2_LANE_LP11;
    unsigned mipi_div = reg(s, R_PLL_CTRL1) & 0xf;

    memset(&lanes, 0, sizeof(lanes));
    lanes.count = lane_count(s);
    if (s->faults & BIT(FAULT_NO_LP11)) {
        stop = CSI2_LANE_OFF;
    }
    if (mipi_on(s)) {
        uint8_t port = reg(s, R_MIPI_CTRL00_PORT);

        lanes.bps = pll_hz(s) / (mipi_div ? mipi_div : 1);
        if (port & PORT_IDLE_LP11) {
            idle = stop;
        }
        lanes.clock = (s->in_frame || !(port & PORT_GATE_CLOCK)) &&
                      !(s->faults & BIT(FAULT_NO_CLOCK)) ? CSI2_LANE_HS : idle;
        for (unsigned i = 0; i < lanes.count; i++) {
            lanes.data[i] = s->in_frame ? CSI2_LANE_HS : idle;
        }
    } else if (powered(s) && !(reg(s, R_MIPI_CTRL00) &
                               (MIPI_TX_PD | MIPI_RX_PD))) {
        uint8_t sleep = reg(s, R_PAD_OUTPUT00);

        lanes.clock = sleep & SLEEP_LP11_CLOCK ? stop : CSI2_LANE_OFF;
        for (unsigned i = 0; i < lanes.count; i++) {
            lanes.data[i] = sleep & SLEEP_LP11_DATA(i) ? stop : CSI2_LANE_OFF;
        }
    }
    if (memcmp(&lanes, &s->lanes, sizeof(lanes))) {
        s->lanes = lanes;
        csi2_send_lanes(s->sink, &lanes);
    }
}

/* FORMAT CONTROL 00 and FORMAT MUX CONTROL: data sheet, table 7-16 */
static bool decode_format(OV5640State *s, OV5640Mode *m)
{
    static const OV5640Format yuv[4] = {
        OV5640_YUYV, OV5640_YVYU, OV5640_UYVY, OV5640_VYUY,
    };
    uint8_t f = reg(s, R_FORMAT00);
    unsigned mux = reg(s, R_ISP_MUX) & 7;

    switch (f >> 4) {
    case 0:
        m->format = OV5640_RAW_BGGR + (f & 3);
        m->dt = (reg(s, R_PLL_CTRL0) & 0xf) == 8 ? CSI2_DT_RAW8 :
                                                   CSI2_DT_RAW10;
        return mux >= 3;
    case 2:
        m->format = OV5640_RGB888;
        m->dt = CSI2_DT_RGB888;
        return mux == 1;
    case 3:
        /* 0xf is what mainline writes for UYVY */
        m->format = (f & 0xf) == 0xf ? OV5640_UYVY : yuv[f & 3];
        m->dt = CSI2_DT_YUV422_8;
        return mux == 0;
    case 6:
        m->format = (f & 0xf) == 1 ? OV5640_RGB565_BE : OV5640_RGB565_LE;
        m->dt = CSI2_DT_RGB565;
        return mux == 1;
    case 7:
        m->format = OV5640_RGB555;
        m->dt = CSI2_DT_RGB555;
        return mux == 1;
    case 9:
        m->format = OV5640_RGB444;
        m->dt = CSI2_DT_RGB444;
        return mux == 1;
    default:
        return false;
    }
}

/* A picture with room around it, and not too many a second */
static bool mode_ok(const OV5640Mode *m)
{
    return m->sclk && m->width && m->height && m->width <= OV5640_MAX_WIDTH &&
           m->width < m->hts && m->height < m->vts &&
           muldiv64((uint64_t)m->hts * m->vts, NANOSECONDS_PER_SECOND,
                    m->sclk) >= MIN_FRAME_NS;
}

static bool decode_mode(OV5640State *s, OV5640Mode *m)
{
    m->sclk = sclk_hz(s);
    m->hts = reg16(s, R_HTS) & 0x1fff;
    m->vts = reg16(s, R_VTS);
    m->width = reg16(s, R_DVPHO) & 0xfff;
    m->height = reg16(s, R_DVPVO) & MAX_HEIGHT;
    m->vc = reg(s, R_MIPI_CTRL14) >> 6;
    if (!decode_format(s, m)) {
        qemu_log_mask(LOG_GUEST_ERROR, "ov5640: no such output format: "
                      "0x4300 0x%02x, 0x501f 0x%02x\n",
                      reg(s, R_FORMAT00), reg(s, R_ISP_MUX));
        return false;
    }
    if (reg(s, R_TC_REG21) & TC_JPEG) {
        qemu_log_mask(LOG_UNIMP, "ov5640: JPEG\n");
        return false;
    }
    if (!mode_ok(m)) {
        qemu_log_mask(LOG_GUEST_ERROR, "ov5640: no picture with sclk %u Hz, "
                      "%ux%u in %ux%u\n", m->sclk, m->width, m->height,
                      m->hts, m->vts);
        return false;
    }
    return true;
}

/* When line @line of the frame at hand begins: absolute, nothing adds up. */
static int64_t line_ns(OV5640State *s, uint32_t line)
{
    uint64_t clocks = (s->base_frames * s->mode.vts + line) * s->mode.hts;

    return s->base_ns + muldiv64(clocks, NANOSECONDS_PER_SECOND,
                                 s->mode.sclk);
}

static uint32_t band_lines(OV5640State *s)
{
    return MAX(s->mode.height / BANDS, 1);
}

static void start_streaming(OV5640State *s)
{
    OV5640Mode *m = &s->mode;

    if (!decode_mode(s, m)) {
        return;
    }
    if (pll1_hz(s) > PLL1_MAX) {
        qemu_log_mask(LOG_GUEST_ERROR, "ov5640: PLL1 at %" PRIu64 " Hz\n",
                      pll1_hz(s));
    }
    trace_ov5640_stream(m->width, m->height, m->dt, m->sclk, m->hts, m->vts);
    s->streaming = true;
    s->in_frame = false;
    s->line = 0;                /* a frame that was cut off left more */
    s->number = 0;
    s->base_frames = 0;
    /* The core starts in its vertical blanking. */
    s->base_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
                 muldiv64((uint64_t)(m->vts - m->height) * m->hts,
                          NANOSECONDS_PER_SECOND, m->sclk);
    timer_mod(&s->timer, s->base_ns);
}

static void stop_streaming(OV5640State *s)
{
    if (s->streaming) {
        trace_ov5640_stop(s->number, s->in_frame);
        s->streaming = false;
        s->in_frame = false;
        timer_del(&s->timer);
    }
}

/* Something changed that lanes and stream depend on. */
static void update(OV5640State *s)
{
    if (wants_frames(s) && !s->streaming) {
        start_streaming(s);
    } else if (!mipi_on(s) || !(s->in_frame || wants_frames(s))) {
        /* With the port still on, a frame is finished first. */
        stop_streaming(s);
    }
    update_lanes(s);
}

/* A fault keeps this frame's packets. */
static bool withheld(OV5640State *s)
{
    return s->faults & BIT(FAULT_NO_FRAMES) ||
           (s->faults & BIT(FAULT_LATE_FRAMES) && s->number & 1);
}

static void begin_frame(OV5640State *s)
{
    OV5640Mode m;

    if (!wants_frames(s) || !decode_mode(s, &m)) {
        stop_streaming(s);
        update_lanes(s);
        return;
    }
    if (memcmp(&m, &s->mode, sizeof(m))) {
        s->base_ns = line_ns(s, 0);
        s->base_frames = 0;
        s->mode = m;
    }
    s->in_frame = true;
    s->line = 0;
    update_lanes(s);
    if (!withheld(s)) {
        csi2_send_frame_start(s->sink, m.vc);
    }
    timer_mod(&s->timer, line_ns(s, MIN(band_lines(s), m.height)));
}

static void send_band(OV5640State *s)
{
    uint8_t v = reg(s, R_TC_REG20), h = reg(s, R_TC_REG21);
    uint32_t count = MIN(band_lines(s), s->mode.height - s->line);
    OV5640Picture pic;
    CSI2Lines lines = {
        .vc = s->mode.vc,
        .dt = s->mode.dt,
        .first = s->line,
        .count = count,
    };

    memset(&pic, 0, sizeof(pic));
    pic.width = s->mode.width;
    pic.height = s->mode.height;
    pic.format = s->mode.format;
    pic.raw10 = s->mode.dt == CSI2_DT_RAW10;
    pic.number = s->number;
    /* Lit from behind, the array is the right way round when mirrored. */
    pic.mirror = !(h & TC_SENSOR);
    pic.flip = v & TC_SENSOR;
    pic.pattern = reg(s, R_TEST_SET1);
    lines.bytes = lines.pitch = ov5640_card_row_bytes(&pic);

    s->band = g_realloc(s->band, lines.bytes * count);
    ov5640_card_render(&s->card, &pic, s->line, count, s->band);
    lines.data = s->band;
    s->line += count;
    if (!withheld(s) && !(s->faults & BIT(FAULT_SHORT_FRAMES) &&
                          s->line > s->mode.height / 2)) {
        csi2_send_lines(s->sink, &lines);
    }
}

static void end_frame(OV5640State *s)
{
    trace_ov5640_frame(s->number);
    if (!withheld(s)) {
        csi2_send_frame_end(s->sink, s->mode.vc);
    }
    s->in_frame = false;
    s->number++;
    s->base_frames++;
    update(s);
    if (s->streaming) {
        timer_mod(&s->timer, line_ns(s, 0));
    }
}

static void tick(void *opaque)
{
    OV5640State *s = opaque;

    if (!mipi_on(s)) {
        update(s);
    } else if (!s->in_frame) {
        begin_frame(s);
    } else {
        send_band(s);
        if (s->line >= s->mode.height) {
            end_frame(s);
        } else {
            timer_mod(&s->timer, line_ns(s, MIN(s->line + band_lines(s),
                                                s->mode.height)));
        }
    }
}

static void write_reg(OV5640State *s, unsigned addr, uint8_t value)
{
    trace_ov5640_write(addr, value);
    if (addr < REG_FIRST || addr >= REG_FIRST + REG_COUNT) {
        qemu_log_mask(LOG_GUEST_ERROR, "ov5640: no register 0x%04x\n", addr);
        return;
    }
    switch (addr) {
    case R_CHIP_ID_HI:
    case R_CHIP_ID_LO:
    case R_CHIP_REV:
    case R_AVG:
        qemu_log_mask(LOG_GUEST_ERROR, "ov5640: 0x%04x is read-only\n", addr);
        return;
    case R_SYS_CTRL0:
        if (value & SYS_RESET) {
            stop_streaming(s);
            set_registers_to_reset(s);
            value &= ~SYS_RESET;
        }
        break;
    case R_SCCB_ID:
        i2c_slave_set_address(I2C_SLAVE(s), value >> 1);
        break;
    }
    s->regs[addr - REG_FIRST] = value;
    update(s);
}

/* Data sheet 7.1: 16 bit register address, then data, address counts up. */
static int ov5640_send(I2CSlave *i2c, uint8_t data)
{
    OV5640State *s = OV5640(i2c);

    if (s->pointer_bytes < 2) {
        s->pointer = s->pointer << 8 | data;
        s->pointer_bytes++;
    } else {
        write_reg(s, s->pointer++, data);
    }
    return 0;
}

static uint8_t ov5640_recv(I2CSlave *i2c)
{
    OV5640State *s = OV5640(i2c);
    uint16_t addr = s->pointer++;
    uint8_t value = 0;

    if (addr >= REG_FIRST && addr < REG_FIRST + REG_COUNT) {
        value = reg(s, addr);
    }
    trace_ov5640_read(addr, value);
    return value;
}

static int ov5640_event(I2CSlave *i2c, enum i2c_event event)
{
    OV5640State *s = OV5640(i2c);

    switch (event) {
    case I2C_START_SEND:
        s->pointer_bytes = 0;
        /* fall through */
    case I2C_START_RECV:
        update(s);              /* nobody tells when XCLK comes or goes */
        return !powered(s) || s->faults & BIT(FAULT_DEAD_I2C);
    case I2C_START_SEND_ASYNC:
        return 1;
    default:
        return 0;
    }
}

static void set_resetb(void *opaque, int n, int level)
{
    OV5640State *s = opaque;

    trace_ov5640_pin("resetb", level);
    s->resetb = level;
    if (!level) {
        stop_streaming(s);
        set_registers_to_reset(s);
    }
    update(s);
}

/* Hardware standby: registers keep their contents (data sheet 2.8). */
static void set_pwdn(void *opaque, int n, int level)
{
    OV5640State *s = opaque;

    trace_ov5640_pin("pwdn", level);
    s->pwdn = level;
    update(s);
}

static void ov5640_reset_hold(Object *obj, ResetType type)
{
    OV5640State *s = OV5640(obj);

    stop_streaming(s);
    set_registers_to_reset(s);
    /* Pads nobody drives: pull-up at RESETB, pull-down at PWDN. */
    s->resetb = true;
    s->pwdn = false;
    s->pointer_bytes = 0;
}

static void ov5640_reset_exit(Object *obj, ResetType type)
{
    update(OV5640(obj));
}

static void ov5640_init(Object *obj)
{
    OV5640State *s = OV5640(obj);

    qdev_init_gpio_in_named(DEVICE(obj), set_resetb, "resetb", 1);
    qdev_init_gpio_in_named(DEVICE(obj), set_pwdn, "pwdn", 1);
    timer_init_ns(&s->timer, QEMU_CLOCK_VIRTUAL, tick, s);
}

static void ov5640_finalize(Object *obj)
{
    OV5640State *s = OV5640(obj);

    timer_del(&s->timer);
    g_free(s->band);
}

static const VMStateDescription vmstate_ov5640_mode = {
    .name = "ov5640-mode",
    .version_id = 1,
    .minimum_version_id = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(sclk, OV5640Mode),
        VMSTATE_UINT32(hts, OV5640Mode),
        VMSTATE_UINT32(vts, OV5640Mode),
        VMSTATE_UINT32(width, OV5640Mode),
        VMSTATE_UINT32(height, OV5640Mode),
        VMSTATE_UINT32(format, OV5640Mode),
        VMSTATE_UINT32(dt, OV5640Mode),
        VMSTATE_UINT32(vc, OV5640Mode),
        VMSTATE_END_OF_LIST()
    },
};

static void ov5640_faults_changed(Object *obj, uint32_t on)
{
    update_lanes(OV5640(obj));
}

static int ov5640_post_load(void *opaque, int version_id)
{
    OV5640State *s = opaque;
    OV5640Mode *m = &s->mode;

    if (s->streaming &&
        (!mode_ok(m) || m->height > MAX_HEIGHT || s->line > m->height ||
         m->format > OV5640_RAW_RGGB || m->vc >= CSI2_VIRTUAL_CHANNELS)) {
        return -EINVAL;
    }
    return 0;
}

static const VMStateDescription vmstate_ov5640 = {
    .name = TYPE_OV5640,
    .version_id = 1,
    .minimum_version_id = 1,
    .post_load = ov5640_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_I2C_SLAVE(parent_obj, OV5640State),
        VMSTATE_UINT8_ARRAY(regs, OV5640State, REG_COUNT),
        VMSTATE_UINT16(pointer, OV5640State),
        VMSTATE_UINT8(pointer_bytes, OV5640State),
        VMSTATE_BOOL(resetb, OV5640State),
        VMSTATE_BOOL(pwdn, OV5640State),
        VMSTATE_TIMER(timer, OV5640State),
        VMSTATE_BOOL(streaming, OV5640State),
        VMSTATE_BOOL(in_frame, OV5640State),
        VMSTATE_INT64(base_ns, OV5640State),
        VMSTATE_UINT64(base_frames, OV5640State),
        VMSTATE_UINT32(number, OV5640State),
        VMSTATE_UINT32(line, OV5640State),
        VMSTATE_STRUCT(mode, OV5640State, 1, vmstate_ov5640_mode, OV5640Mode),
        VMSTATE_END_OF_LIST()
    },
};

static const Property ov5640_properties[] = {
    DEFINE_PROP_LINK("csi2", OV5640State, sink, TYPE_CSI2_SINK, CSI2Sink *),
    DEFINE_PROP_LINK("xclk", OV5640State, xclk_pwm, TYPE_IMX6_PWM,
                     IMX6PWMState *),
    DEFINE_PROP_UINT32("xclk-frequency", OV5640State, xclk_hz, 24000000),
};

static void ov5640_class_init(ObjectClass *oc, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(oc);
    I2CSlaveClass *ic = I2C_SLAVE_CLASS(oc);
    ResettableClass *rc = RESETTABLE_CLASS(oc);

    dc->desc = "OmniVision OV5640 camera sensor with a test card";
    dc->vmsd = &vmstate_ov5640;
    device_class_set_props(dc, ov5640_properties);
    imx6_fault_add(oc, offsetof(OV5640State, faults), ov5640_faults,
                   ARRAY_SIZE(ov5640_faults), ov5640_faults_changed);
    set_bit(DEVICE_CATEGORY_MISC, dc->categories);
    rc->phases.hold = ov5640_reset_hold;
    rc->phases.exit = ov5640_reset_exit;
    ic->event = ov5640_event;
    ic->send = ov5640_send;
    ic->recv = ov5640_recv;
}

static const TypeInfo ov5640_info = {
    .name = TYPE_OV5640,
    .parent = TYPE_I2C_SLAVE,
    .instance_size = sizeof(OV5640State),
    .instance_init = ov5640_init,
    .instance_finalize = ov5640_finalize,
    .class_init = ov5640_class_init,
};

static void ov5640_register(void)
{
    type_register_static(&ov5640_info);
}

type_init(ov5640_register)
