#!/bin/sh
# SPDX-License-Identifier: MIT
# What others have allocated, on the screen.
. /usr/libexec/refsoc/tests/tap.sh

export REFSOC_PICTURE=/usr/libexec/refsoc/tests/picture
igt refsoc_scanout
finish
