#!/usr/bin/env python3
"""Measures what a vault costs, against the bare system calls, SQLite, SQLCipher, LMDB and RocksDB; prints the numbers as JSON.

    run.py [--quick] [--million] [--install] [--check-bars] [--directory PATH] [--disks D,J] [--sizes 30,1000,100000]
           [--tokenvault PATH] [--benchmark PATH] [WORK ...] > results.json

Two disks: D is below --directory (the current one, unless named), which should be on a real disk; J is a plain ext4 with
a journal in a file there (`journaled-disk`, as root). --install installs the contenders by apt-get, --million adds vaults
of 1,000,000 tokens, and --check-bars exits with 1 if a bar is missed. What fails or is missing is left out, with a note.

Builds the package, unless --benchmark names a built one. The command that is measured is the static binary:
    swift build -c release --static-swift-stdlib -Xswiftc -static-executable --scratch-path .build-static --product tokenvault
Progress and notes go to standard error. `report.py` makes tables and the chart.
"""

import argparse, contextlib, datetime, json, os, pathlib, platform, re, shutil, signal, subprocess, sys, tempfile, time

import bars, disks
from works import WORKS, Run, failures, going_on, note, notes, output

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STATIC = "-c release --static-swift-stdlib -Xswiftc -static-executable --product tokenvault".split()
PACKAGES = ["age", "e2fsprogs", "liblmdb-dev", "librocksdb-dev", "libsqlcipher0", "libsqlite3-0", "mount", "openssl",
            "sqlcipher", "sqlite3"]
VERSIONS = ["age", "libc6", "liblmdb0", "librocksdb*", "libsqlcipher0", "libsqlite3-0", "libssl3", "openssl"]
MILLION = 1_000_000


def machine(options, places):
    model = [line for line in open("/proc/cpuinfo") if line.startswith("model name")]
    query = ["dpkg-query", "--show", "--showformat", "${Package} ${Version}\n", *VERSIONS]
    packages = subprocess.run(query, stdout=-1, stderr=-3, text=True).stdout if shutil.which("dpkg-query") else ""
    return {"date": str(datetime.date.today()), "kernel": platform.release(), "cores": os.cpu_count(),
            "processor": model[0].split(": ")[1].strip() if model else "unknown",
            "disks": {name: disks.description(path) for name, path in places.items()},
            "tokenvault": options.tokenvault and f"static, {os.path.getsize(options.tokenvault):,} bytes",
            "versions": dict(line.split() for line in packages.splitlines() if len(line.split()) == 2)}


def enter(path):
    """Works there, with nothing of this user's own settings."""
    os.chdir(path)
    os.environ |= {name: path for name in ["HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"]}


def measure_all(options, places):
    results = {"machine": machine(options, places), "isQuick": options.quick, "sizes": options.sizes, "many": options.many,
               "notes": notes, "rows": []}
    if (load := os.getloadavg()[0]) > 0.5:
        note(f"the load average was {load:.1f} at the start: run it again when the machine is quiet")
    for work in options.works or WORKS:
        for size in WORKS[work](options):
            for disk, path in places.items():
                enter(path)
                start = time.monotonic()
                with going_on(f"{work} {size:,} {disk}"):
                    measured = Run(options, size).measure(work)
                    results["rows"] += [{"disk": disk, "work": work, "tokens": size, **row} for row in measured]
                print(f"{work} {size:,} {disk}: {time.monotonic() - start:.0f} s", file=sys.stderr)
    return results


def dump(results):
    """One JSON object, with one line for each member and row."""
    text = lambda value: json.dumps(value, ensure_ascii=False)
    members = [f'"{name}": {text(value)}' for name, value in results.items() if name != "rows"]
    return "{\n%s,\n\"rows\": [\n  %s\n]}" % (",\n".join(members), ",\n  ".join(map(text, results["rows"])))


def options_of(words):
    parser = argparse.ArgumentParser(usage=__doc__)
    for name in ("quick", "million", "install", "check-bars"):
        parser.add_argument("--" + name, action="store_true")
    parser.add_argument("--directory", default=".", type=pathlib.Path)
    parser.add_argument("--disks", default="D,J")
    parser.add_argument("--sizes", type=lambda text: sorted(map(int, text.split(","))))
    parser.add_argument("--tokenvault", type=pathlib.Path)
    parser.add_argument("--benchmark", type=pathlib.Path)
    parser.add_argument("works", nargs="*", choices=[[], *WORKS])
    options = parser.parse_args(words)
    options.sizes = (options.sizes or [30, 1000, 20_000 if options.quick else 100_000]) + [MILLION] * options.million
    options.many = max(size for size in options.sizes if size < MILLION)
    options.large = [size for size in options.sizes if size >= options.many]
    return options


def prepare(options):
    """Installs and builds what is measured, unless it is named."""
    if options.install:
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        for words in (["update", "-qq"], ["install", "-qqy", *PACKAGES]):
            subprocess.run([*sudo, "apt-get", *words], check=True, stdout=sys.stderr)
    build = lambda *words: subprocess.run(["swift", "build", *words], check=True, stdout=sys.stderr)
    if not options.benchmark:
        build("-c", "release", "--package-path", HERE)
    if not options.tokenvault:
        build("--package-path", ROOT, "--scratch-path", ROOT / ".build-static", *STATIC)
    benchmark = (options.benchmark or HERE / ".build/release/benchmark").resolve()
    options.benchmark, options.timed = str(benchmark), str(benchmark.with_name("timed-process"))
    options.tokenvault = str((options.tokenvault or ROOT / ".build-static/release/tokenvault").resolve())
    if not os.path.exists(options.tokenvault):
        options.tokenvault = note(f"there is no command {options.tokenvault}: it is left out")
    for name in output([options.benchmark, "missing", "1"]).splitlines():
        note(f"{name} is left out: its library is not installed (--install)")
    for name in ("sqlcipher", "sqlite3", "age"):
        if not shutil.which(name):
            note(f"the command {name} is left out: it is not installed (--install)")


def main():
    options = options_of(sys.argv[1:])
    prepare(options)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by a signal"))
    for name in [name for name in os.environ if re.match("TOKENVAULT_|OPENSSL_CONF", name)]:
        del os.environ[name]
    with contextlib.ExitStack() as stack:
        directory, places = options.directory.resolve(), {}
        if "J" in options.disks:
            gigabytes = 16 if options.million else 3 if options.quick else 6
            places["J"] = stack.enter_context(disks.journaled(directory, gigabytes, note))
        if "D" in options.disks:
            places = {"D": directory, **places}
        scratch = lambda path: stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-", dir=path))
        places = {name: scratch(path) for name, path in places.items() if path}
        stack.callback(os.chdir, directory)
        results = measure_all(options, places)
    print(dump(results))
    verdicts = bars.verdicts(results)
    print(bars.aligned(verdicts), file=sys.stderr)
    if failures or options.check_bars and any(verdict[-1] == "missed" for verdict in verdicts):
        sys.exit(1)


if __name__ == "__main__":
    main()
