/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCG plugin: which physical pages the CPUs loaded from and stored to while
 * the recorder of the test device was open.
 *
 *   -plugin cputouch.so,out=FILE
 *
 * The guest opens and closes the record by storing 1 and 0 to the test
 * device (hw/imx6/testdev.c).  At the close one line a page is appended:
 *   cpu <page> <bytes loaded> <bytes stored>
 * The host sets this against the pages that the bus masters shared.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <qemu-plugin.h>

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

#define TESTDEV_RECORD  0x00138014
#define PAGE_SHIFT      12
#define PAGES           (1u << (32 - PAGE_SHIFT))

static char *out;
static bool recording;
static uint64_t *loaded, *stored;

/* Counts may lose an update between CPUs; a test runs with one. */
static void write_down(void)
{
    FILE *f = fopen(out, "a");

    if (!f) {
        fprintf(stderr, "cputouch: cannot write %s\n", out);
        return;
    }
    for (uint32_t i = 0; i < PAGES; i++) {
        if (loaded[i] || stored[i]) {
            fprintf(f, "cpu %" PRIu32 " %" PRIu64 " %" PRIu64 "\n", i,
                    loaded[i], stored[i]);
        }
    }
    fclose(f);
    memset(loaded, 0, PAGES * sizeof(*loaded));
    memset(stored, 0, PAGES * sizeof(*stored));
}

static void on_access(unsigned int cpu, qemu_plugin_meminfo_t info,
                      uint64_t vaddr, void *opaque)
{
    struct qemu_plugin_hwaddr *hw = qemu_plugin_get_hwaddr(info, vaddr);
    bool store = qemu_plugin_mem_is_store(info);
    uint64_t addr;
    bool open;

    if (!hw) {
        return;
    }
    addr = qemu_plugin_hwaddr_phys_addr(hw);
    if (qemu_plugin_hwaddr_is_io(hw)) {
        if (store && addr == TESTDEV_RECORD) {
            open = qemu_plugin_mem_get_value(info).data.u32 & 1;
            if (recording && !open) {
                write_down();
            }
            recording = open;
        }
    } else if (recording && addr >> PAGE_SHIFT < PAGES) {
        uint64_t *count = store ? stored : loaded;

        count[addr >> PAGE_SHIFT] += 1u << qemu_plugin_mem_size_shift(info);
    }
}

static void on_translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    size_t n = qemu_plugin_tb_n_insns(tb);

    for (size_t i = 0; i < n; i++) {
        qemu_plugin_register_vcpu_mem_cb(qemu_plugin_tb_get_insn(tb, i),
                                         on_access, QEMU_PLUGIN_CB_NO_REGS,
                                         QEMU_PLUGIN_MEM_RW, NULL);
    }
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id,
                                           const qemu_info_t *info,
                                           int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (!strncmp(argv[i], "out=", 4)) {
            out = strdup(argv[i] + 4);
        }
    }
    if (!out) {
        fprintf(stderr, "cputouch: say out=FILE\n");
        return -1;
    }
    loaded = calloc(PAGES, sizeof(*loaded));
    stored = calloc(PAGES, sizeof(*stored));
    if (!loaded || !stored) {
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
    return 0;
}
