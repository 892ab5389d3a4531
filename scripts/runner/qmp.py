# SPDX-License-Identifier: MIT
"""A machine's control socket: QMP."""

import json
import socket
import time


class QMPError(Exception):
    """The machine refused a command, or is gone."""


class QMP:
    """One connection; commands are methods' names with - for _."""

    def __init__(self, path, patience=20):
        end = time.monotonic() + patience
        while True:
            self.socket = socket.socket(socket.AF_UNIX)
            try:
                self.socket.connect(str(path))
                break
            except OSError:
                self.socket.close()
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
        self.lines = self.socket.makefile("r")
        self._receive()
        self.call("qmp_capabilities")

    def _receive(self):
        line = self.lines.readline()
        if not line:
            raise QMPError("the machine is gone")
        return json.loads(line)

    def call(self, command, **arguments):
        """What it returns; events in between are dropped."""
        text = json.dumps({"execute": command, "arguments": {
            k.replace("_", "-"): v for k, v in arguments.items()}})
        self.socket.sendall(text.encode() + b"\n")
        while True:
            answer = self._receive()
            if "error" in answer:
                raise QMPError(f"{command}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def set(self, path, name, value):
        self.call("qom-set", path=path, property=name, value=value)

    def close(self):
        self.lines.close()
        self.socket.close()


def faults(qmp):
    """Every fault switch: (device, name, what it does, whether it is on)."""
    found = []
    for child in qmp.call("qom-list", path="/machine"):
        if not child["type"].startswith("child<"):
            continue
        path = f"/machine/{child['name']}"
        names = [p["name"] for p in qmp.call("qom-list", path=path)
                 if p["name"].startswith("fault-")]
        if not names:
            continue
        about = {p["name"]: p.get("description", "") for p in
                 qmp.call("qom-list-properties",
                          typename=child["type"][len("child<"):-1])}
        found += [(child["name"], name, about[name],
                   qmp.call("qom-get", path=path, property=name))
                  for name in sorted(names)]
    return sorted(found)
