#!/usr/bin/env python3
"""Runs a command on a terminal of its own: drive.py STEPS COMMAND...

STEPS is a JSON array of ["expect", text], ["send", text] and ["signal", number]. Prints JSON: what the terminal
showed, how the command ended, and whether the terminal echoed before and after it.
"""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

LIMIT = 600


def echoes(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def main():
    steps, command = json.loads(sys.argv[1]), sys.argv[2:]
    master, slave = pty.openpty()
    before = echoes(slave)
    child = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, preexec_fn=lambda: own_terminal(slave))
    shown, hidden, deadline = b"", [], time.monotonic() + LIMIT

    def read(until=None):
        nonlocal shown
        while until is None or until.encode() not in shown:
            ready, _, _ = select.select([master], [], [], 0.05)
            if ready:
                shown += os.read(master, 65536)
            elif until is None or child.poll() is not None:
                return
            if time.monotonic() > deadline:
                child.kill()
                sys.exit(f"waited for {until!r}; shown: {shown!r}")

    for kind, value in steps:
        if kind == "expect":
            read(value)
            shown = shown.replace(value.encode(), b"", 1)
        elif kind == "send":
            wait_until_silent(slave, child)
            hidden.append(not echoes(slave))
            os.write(master, value.encode())
        else:
            wait_until_silent(slave, child)
            child.send_signal(value)
    while child.poll() is None:
        read("\0nothing prints this")
    read()
    print(json.dumps({
        "shown": shown.decode(errors="replace"), "hidden": hidden,
        "status": child.returncode if child.returncode >= 0 else None,
        "signal": -child.returncode if child.returncode < 0 else None,
        "echo_before": before, "echo_after": echoes(slave),
    }))


def own_terminal(slave):
    os.setsid()
    import fcntl
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    # As a shell starts a program, whoever started us.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP):
        signal.signal(number, signal.SIG_DFL)


def wait_until_silent(slave, child):
    """The question is shown before the echo is off, or after: what counts is what is typed."""
    end = time.monotonic() + LIMIT
    while echoes(slave) and child.poll() is None and time.monotonic() < end:
        time.sleep(0.002)


main()
