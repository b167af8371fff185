#!/usr/bin/env python3
"""Carries out an attack with the built command: attack.py COMMAND NAME..., or attack.py --list

Ends with 0 if each was refused as it must be, and with 1 and what got through otherwise. The names that --list prints
with `root` behind them need to be run by root, who can be another user.
"""

import os
import sys
import tempfile
from pathlib import Path

import answers  # noqa: F401
import costs  # noqa: F401
import directories  # noqa: F401
import generations  # noqa: F401
import lines  # noqa: F401
import memory  # noqa: F401
import rotation  # noqa: F401
import slots  # noqa: F401
import strangers  # noqa: F401
import ways_back  # noqa: F401
import writing  # noqa: F401
from attacks import ATTACKS
from host import Host


def carry_out(name, command):
    """What got through."""
    function = ATTACKS[name]
    if getattr(function, "needs_root", False) and os.geteuid() != 0:
        return ["it needs root, to be other users"]
    with tempfile.TemporaryDirectory(prefix="tokenvault-attack-") as root:
        os.chmod(root, 0o755)
        host = Host(root, Path(command).resolve())
        function(host)
        return host.failures


def main():
    if sys.argv[1:] == ["--list"]:
        for name, function in ATTACKS.items():
            print(f"{name} root" if getattr(function, "needs_root", False) else name)
        return 0
    status = 0
    for name in sys.argv[2:]:
        try:
            failures = carry_out(name, sys.argv[1])
        except RuntimeError as error:
            failures = [str(error)]
        for failure in failures:
            print(f"{name}: {failure}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
