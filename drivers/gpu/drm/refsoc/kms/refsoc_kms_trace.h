/* SPDX-License-Identifier: GPL-2.0-only */

#if !defined(_REFSOC_KMS_TRACE_H_) || defined(TRACE_HEADER_MULTI_READ)
#define _REFSOC_KMS_TRACE_H_

#include <linux/tracepoint.h>
#include <linux/types.h>

#undef TRACE_SYSTEM
#define TRACE_SYSTEM refsoc_kms
#define TRACE_INCLUDE_FILE refsoc_kms_trace

DECLARE_EVENT_CLASS(refsoc_kms_plane,
		    TP_PROTO(u32 plane, u32 channel, u32 buffer, u32 base),
		    TP_ARGS(plane, channel, buffer, base),

		    TP_STRUCT__entry(__field(u32, plane)
				     __field(u32, channel)
				     __field(u32, buffer)
				     __field(u32, base)
				     ),

		    TP_fast_assign(__entry->plane = plane;
				   __entry->channel = channel;
				   __entry->buffer = buffer;
				   __entry->base = base;
				   ),

		    TP_printk("plane=%u channel=%u buffer=%u base=0x%08x",
			      __entry->plane, __entry->channel, __entry->buffer, __entry->base)
);

DEFINE_EVENT(refsoc_kms_plane, refsoc_kms_flip_arm,
	     TP_PROTO(u32 plane, u32 channel, u32 buffer, u32 base),
	     TP_ARGS(plane, channel, buffer, base));

DEFINE_EVENT(refsoc_kms_plane, refsoc_kms_flip_done,
	     TP_PROTO(u32 plane, u32 channel, u32 buffer, u32 base),
	     TP_ARGS(plane, channel, buffer, base));

DEFINE_EVENT(refsoc_kms_plane, refsoc_kms_plane_write,
	     TP_PROTO(u32 plane, u32 channel, u32 buffer, u32 base),
	     TP_ARGS(plane, channel, buffer, base));

DECLARE_EVENT_CLASS(refsoc_kms_crtc,
		    TP_PROTO(u32 crtc, u32 frame),
		    TP_ARGS(crtc, frame),

		    TP_STRUCT__entry(__field(u32, crtc)
				     __field(u32, frame)
				     ),

		    TP_fast_assign(__entry->crtc = crtc;
				   __entry->frame = frame;
				   ),

		    TP_printk("crtc=%u frame=%u", __entry->crtc, __entry->frame)
);

DEFINE_EVENT(refsoc_kms_crtc, refsoc_kms_frame_end,
	     TP_PROTO(u32 crtc, u32 frame),
	     TP_ARGS(crtc, frame));

DEFINE_EVENT(refsoc_kms_crtc, refsoc_kms_commit_done,
	     TP_PROTO(u32 crtc, u32 frame),
	     TP_ARGS(crtc, frame));

#endif /* _REFSOC_KMS_TRACE_H_ */

/* This part must be outside protection */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#include <trace/define_trace.h>
