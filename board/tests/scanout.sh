#!/bin/sh
# SPDX-License-Identifier: MIT
# What others have allocated, on the screen; and display and cameras that go while
# buffers are in use.
. /usr/libexec/refsoc/tests/tap.sh

export REFSOC_PICTURE=/usr/libexec/refsoc/tests/picture
igt refsoc_scanout
igt refsoc_unbind
finish
