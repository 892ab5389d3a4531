# SPDX-License-Identifier: MIT
"""RefSoC's test runner: TAP in, one result line and a report out."""
