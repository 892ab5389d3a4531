/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Switches that make a device fail in a way its registers cannot ask for.
 *
 * Each is a property of the device, "fault-NAME", off at start: set it with
 * QMP's qom-set or scripts/faults. A switch belongs to whoever tests, not to
 * the machine: resets leave it, migration does not carry it along.
 */
#ifndef HW_IMX6_FAULT_H
#define HW_IMX6_FAULT_H

#include "qom/object.h"

/**
 * struct IMX6Fault - one switch; its place in the table is its bit
 * @name: without the "fault-"
 * @what: one line for scripts/faults: what goes wrong
 */
typedef struct IMX6Fault {
    const char *name;
    const char *what;
} IMX6Fault;

/* The switches are now as @on says. */
typedef void IMX6FaultFn(Object *obj, uint32_t on);

/**
 * imx6_fault_add: give the devices of a class their switches
 * @oc: in its class_init
 * @offset: of the uint32_t in the instance that holds the bits
 * @faults: @count of them, 32 at most; kept, not copied
 * @changed: called after each change; may be NULL
 */
void imx6_fault_add(ObjectClass *oc, size_t offset, const IMX6Fault *faults,
                    size_t count, IMX6FaultFn *changed);

#endif
