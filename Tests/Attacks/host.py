"""A host that is attacked: a home, and the built command.

An attack looks at three things: the exit code, what reached the attacker, and the vault's bytes. What got through is
collected, so that one run tells all of it.
"""

import json
import os
import re
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass
class Result:
    """How a command ended."""

    line: str
    status: int
    output: str
    errors: str
    memory: int

    def __str__(self):
        return f"{self.line}\n    exit {self.status}, out {self.output!r}, err {self.errors!r}"


class Host:
    """A home directory of its own below `root`; commands run there as `user`, or as the user of this process."""

    def __init__(self, root, command, user=None):
        self.root, self.command, self.user = Path(root), command, user
        self.home = self.directory(self.root / "home", 0o700)
        self.failures = []
        self.variables = {}
        self.cwd = "/"

    def directory(self, path, mode, owner=None, group=None):
        path.mkdir()
        os.chmod(path, mode)
        if owner is None and self.user is not None:
            owner = group = self.user
        if owner is not None:
            os.chown(path, owner, owner if group is None else group)
        return path

    @property
    def vault(self):
        return self.home / ".local/share/tokenvault/tokens.vault"

    @property
    def state(self):
        return self.home / ".local/state/tokenvault"

    @property
    def key(self):
        return next((self.state / "keys").glob("*.key"))

    def memories(self):
        """The files in which the host remembers what it has seen: all below the state directory but keys."""
        files = [path for path in self.state.rglob("*") if path.is_file() and path.suffix != ".key"]
        return files + list(self.home.rglob("*.generation"))

    def run(self, *arguments, input="", secret=None, user=None):
        """Runs the command; `secret` is what it finds at descriptor 3."""
        user = self.user if user is None else user
        line = [str(self.command), *map(str, arguments)]
        if user is not None:
            line = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--", *line]
        reading, writing = os.pipe()
        os.write(writing, secret or b"")
        os.close(writing)
        script = 'exec 3<&"$0"; exec "$@"'
        process = subprocess.Popen(
            ["/bin/bash", "-c", script, str(reading), *line], pass_fds=(reading,), cwd=self.cwd,
            env=self.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        os.close(reading)
        shown = f" <<< '{input[:300]}'" if input else ""
        return self.result(process, " ".join(["tokenvault", *map(str, arguments)]) + shown, input)

    def environment(self):
        names = {"HOME": str(self.home), "PATH": os.environ.get("PATH", "/usr/bin:/bin")}
        return names | {"SWIFT_BACKTRACE": "enable=no"} | self.variables

    def result(self, process, line, input):
        texts = {}

        def read(name):
            texts[name] = getattr(process, name).read().decode("utf-8", "replace")

        threads = [threading.Thread(target=read, args=[name]) for name in ("stdout", "stderr")]
        for thread in threads:
            thread.start()
        try:
            process.stdin.write(input.encode() if isinstance(input, str) else input)
            process.stdin.close()
        except BrokenPipeError:
            pass
        for thread in threads:
            thread.join()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return Result(line, process.returncode, texts["stdout"], texts["stderr"], usage.ru_maxrss * 1024)

    def must(self, *arguments, **options):
        """Runs what is no attack, and has to work before an attack can be made."""
        result = self.run(*arguments, **options)
        if result.status != 0:
            raise RuntimeError(f"the attack cannot be made: {result}")
        return result

    def save(self, *arguments, **record):
        return self.must("save", *arguments, input=json.dumps(record)).output.split()

    def records(self, *arguments):
        return json.loads(self.must("list", "--json", "--reveal", *arguments).output)

    def check(self, condition, what):
        """Notes what got through unless the condition holds."""
        if not condition:
            self.failures.append(str(what))
        return condition

    def refuses(self, status, *arguments, says=(), hides=(), unchanged=None, **options):
        """Runs what must end with this exit code, print nothing, and leave every vault that is there as it is.

        `says` and `hides` are words that its errors must have, and that nothing it prints may have.
        """
        before = self.files(unchanged)
        result = self.run(*arguments, **options)
        got_through = []
        if result.status not in (status if isinstance(status, tuple) else (status,)):
            got_through.append(f"exit {result.status} and not {status}")
        if result.output:
            got_through.append("it printed something")
        if self.files(unchanged) != before:
            got_through.append("the vault's bytes changed")
        got_through += [f"its errors lack {word!r}" for word in says if word not in result.errors]
        got_through += [f"it shows {word!r}" for word in hides if word in result.output + result.errors]
        if CONTROL.search(result.errors):
            got_through.append("control characters in its errors")
        self.check(not got_through, f"{', '.join(got_through)}: {result}")
        return result

    def accepts(self, *arguments, says=(), **options):
        """Runs what must work: what an attack must not make impossible, or the way past a refusal."""
        result = self.run(*arguments, **options)
        self.check(result.status == 0, f"wanted exit 0: {result}")
        for word in says:
            self.check(word in result.errors, f"its errors lack {word!r}: {result}")
        return result

    def files(self, paths=None):
        """The bytes of these files, else of every vault in the home; which of them are there is a part of it."""
        paths = paths or [*self.home.rglob("*.vault"), *self.home.rglob("*.previous"), self.vault]
        return {path: path.read_bytes() if path.is_file() else None for path in map(Path, paths)}


def write(path, data, like=None):
    """Puts bytes in a file's place as another program would: a new file with the mode and owner of the old one."""
    path = Path(path)
    status = os.stat(like or path)
    new = path.with_name(path.name + ".attack")
    new.write_bytes(data)
    os.chmod(new, status.st_mode & 0o777)
    os.chown(new, status.st_uid, status.st_gid)
    os.rename(new, path)


def copied(path, target):
    shutil.copy2(path, target)
    status = os.stat(path)
    os.chown(target, status.st_uid, status.st_gid)
