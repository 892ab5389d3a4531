/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vivante graphics cores: the idle front end, without a timer a poll.
 *
 * An idle driver leaves the front end going round between a WAIT and a LINK
 * back to it, tens of thousands of times a second. While nobody writes these
 * two commands nothing can come of it, so the page they lie in is watched
 * instead, and the polls that would have found nothing are only counted. A
 * write sets the timer to the very poll that would have seen it: the guest
 * cannot tell the difference, the host saves most of its context switches.
 */

#include "qemu/osdep.h"
#include "qemu/host-utils.h"
#include "exec/address-spaces.h"
#include "vivante.h"
#include "trace.h"

#define WATCH_BYTES     0x1000
/* Above the RAM */
#define WATCH_PRIORITY  1000
/* A WAIT and a LINK, two words each */
#define LOOP_BYTES      16
#define LOOP_READS      4

/* Count the polls that are over; the next one is at fe.time. */
void viv_fe_catch_up(VivanteGPUState *s)
{
    int64_t now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    uint64_t n;

    if (!s->fe.asleep || now <= s->fe.time) {
        return;
    }
    n = DIV_ROUND_UP((uint64_t)(now - s->fe.time), s->fe.period);
    s->fe.time += n * s->fe.period;
    if (!s->bus.stopped) {
        s->bus.read += n * LOOP_BYTES;
        s->bus.reads += n * LOOP_READS;
    }
}

/* Something is new: look at the next poll. */
void viv_fe_stir(VivanteGPUState *s)
{
    if (s->fe.asleep) {
        viv_fe_catch_up(s);
        s->fe.asleep = false;
        s->fe.since_wait = 0;
        timer_mod(s->fe.timer, s->fe.time);
        trace_vivante_fe_stir(s->core->name, s->fe.time);
    }
}

static MemTxResult watch_read(void *opaque, hwaddr offset, uint64_t *value,
                              unsigned size, MemTxAttrs attrs)
{
    VivanteGPUState *s = opaque;
    uint8_t buf[8] = { };
    MemTxResult r = address_space_read(&s->fe.ram_as, s->fe.watched + offset,
                                       attrs, buf, size);

    *value = ldn_le_p(buf, size);
    return r;
}

static MemTxResult watch_write(void *opaque, hwaddr offset, uint64_t value,
                               unsigned size, MemTxAttrs attrs)
{
    VivanteGPUState *s = opaque;
    hwaddr at = s->fe.watched + offset;
    uint8_t buf[8];

    stn_le_p(buf, size, value);
    if (at < s->fe.loop + LOOP_BYTES && at + size > s->fe.loop) {
        viv_fe_stir(s);
    }
    return address_space_write(&s->fe.ram_as, at, attrs, buf, size);
}

static const MemoryRegionOps watch_ops = {
    .read_with_attrs = watch_read,
    .write_with_attrs = watch_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8,
               .unaligned = true },
    .impl = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
};

void viv_fe_unwatch(VivanteGPUState *s)
{
    s->fe.asleep = false;
    s->fe.since_wait = 0;
    if (memory_region_is_mapped(&s->fe.watch)) {
        memory_region_del_subregion(get_system_memory(), &s->fe.watch);
    }
}

/* Is @pa in RAM, and in the same RAM as last time? */
static bool is_ram(VivanteGPUState *s, hwaddr pa)
{
    MemoryRegionSection sec = memory_region_find(get_system_memory(), pa,
                                                 LOOP_BYTES);
    MemoryRegion *mr = sec.mr;
    bool ok;

    if (!mr) {
        return false;
    }
    ok = memory_region_is_ram(mr) && !memory_region_is_rom(mr) &&
         mr->container == get_system_memory() &&
         int128_get64(sec.size) >= LOOP_BYTES;
    memory_region_unref(mr);
    if (ok && !s->fe.ram) {
        s->fe.ram = mr;
        address_space_init(&s->fe.ram_as, mr, s->core->fe_port);
    }
    return ok && s->fe.ram == mr;
}

static bool watch(VivanteGPUState *s, hwaddr pa)
{
    hwaddr page = pa & ~(hwaddr)(WATCH_BYTES - 1);

    if (pa + LOOP_BYTES > page + WATCH_BYTES) {
        return false;
    }
    s->fe.loop = pa;
    if (memory_region_is_mapped(&s->fe.watch)) {
        if (s->fe.watched == page) {
            return true;
        }
        viv_fe_unwatch(s);
    }
    if (!is_ram(s, pa)) {
        return false;
    }
    s->fe.watched = page;
    memory_region_add_subregion_overlap(get_system_memory(), page,
                                        &s->fe.watch, WATCH_PRIORITY);
    trace_vivante_fe_watch(s->core->name, page);
    return true;
}

/*
 * The WAIT at @addr has come round by nothing but a LINK, in @cycles: sleep
 * until somebody writes to the two. False: go on polling.
 */
bool viv_fe_sleep(VivanteGPUState *s, uint32_t addr, uint64_t cycles)
{
    uint64_t hz = viv_core_hz(s);
    uint64_t period = hz ? muldiv64(cycles, NANOSECONDS_PER_SECOND, hz) : 0;
    hwaddr pa;

    if (s->naive || !period || !viv_fe_address(s, addr, &pa) ||
        !watch(s, pa)) {
        return false;
    }
    s->fe.period = period;
    s->fe.time += period;
    s->fe.asleep = true;
    return true;
}

void viv_fe_sleep_init(VivanteGPUState *s)
{
    memory_region_init_io(&s->fe.watch, OBJECT(s), &watch_ops, s,
                          "vivante-fe-watch", WATCH_BYTES);
    s->fe.watch.disable_reentrancy_guard = true;
}
