/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface between camera sensor, CSI-2 receiver and IPU.
 */

#include "qemu/osdep.h"
#include "qemu/module.h"
#include "hw/imx6/csi2_link.h"

void csi2_send_lanes(CSI2Sink *sink, const CSI2Lanes *lanes)
{
    if (sink && CSI2_SINK_GET_CLASS(sink)->lanes) {
        CSI2_SINK_GET_CLASS(sink)->lanes(sink, lanes);
    }
}

void csi2_send_frame_start(CSI2Sink *sink, unsigned vc)
{
    if (sink) {
        CSI2_SINK_GET_CLASS(sink)->frame_start(sink, vc);
    }
}

void csi2_send_lines(CSI2Sink *sink, const CSI2Lines *lines)
{
    if (sink) {
        CSI2_SINK_GET_CLASS(sink)->lines(sink, lines);
    }
}

void csi2_send_frame_end(CSI2Sink *sink, unsigned vc)
{
    if (sink) {
        CSI2_SINK_GET_CLASS(sink)->frame_end(sink, vc);
    }
}

static const TypeInfo csi2_sink_info = {
    .name = TYPE_CSI2_SINK,
    .parent = TYPE_INTERFACE,
    .class_size = sizeof(CSI2SinkClass),
};

static void csi2_link_register(void)
{
    type_register_static(&csi2_sink_info);
}

type_init(csi2_link_register)
