#!/bin/sh
# SPDX-License-Identifier: MIT
# Moving buffers against everything else; to be run on two CPUs.
. /usr/libexec/refsoc/tests/tap.sh
. /usr/libexec/refsoc/tests/partners.sh

check "the partners in sharing are there" partners
check "there are two CPUs" [ "$(nproc)" = 2 ]
igt refsoc_dmabuf_race
igt refsoc_dmabuf_import
igt refsoc_dmabuf_queue
finish
