#!/usr/bin/env python3
"""Builds the fuzz targets, and runs each for some seconds: Tests/Fuzz/run.py [--no-build] [SECONDS [TARGET ...]]

Ends with 1 if a target finds something, and prints the input and the command that runs it again. An input is given again
by its bytes: Tests/Fuzz/run.py --input BASE64 TARGET
"""
import argparse, base64, os, re, shutil, subprocess, sys, tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGETS = "header json csv exchange answer time vault index log".split()
# The fuzzer finds what crashes; .ci/sanitize looks for leaks, and knows which are none. Nobody reads where memory was
# allocated before there is a finding, and without that a run is several times quicker.
SANITIZER = "detect_leaks=0:malloc_context_size=2:quarantine_size_mb=8"
ENVIRONMENT = os.environ | {"SWIFT_BACKTRACE": "enable=no", "ASAN_OPTIONS": SANITIZER}


def build():
    flags = ["-sanitize=fuzzer,address", "-enable-testing"]
    subprocess.run(
        ["swift", "build", "--package-path", HERE, "-c", "release", "--product", "fuzz"]
        + [word for flag in flags for word in ("-Xswiftc", flag)],
        check=True, env=ENVIRONMENT)


def add_fixtures(target, corpus):
    """Copies what the target can begin with from the files of Fixtures."""
    wanted = {"exchange": ".csv .json", "answer": ".json", "json": ".json", "csv": ".csv"}.get(target, "").split()
    for path in (HERE.parent.parent / "Fixtures").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        lines = [line[5:] for line in content.split(b"\n") if line.startswith(b"line ")]
        if target == "header" and lines:
            # A header of the test kit. The target adds the line `end`, with the right digest.
            header = b"".join(line + b"\n" for line in lines if not line.startswith(b"end "))
            (corpus / f"{path.parent.name}-{path.name}").write_bytes(header)
        elif path.suffix in wanted and len(content) < 4096:
            # Stored records have two bytes before them, which say how they are cut.
            prefix = b"\x03\x09" if target in ("json", "csv") else b""
            (corpus / f"{path.parent.name}-{path.name}").write_bytes(prefix + content)


def fuzz(target, options, given=None):
    """Runs a target in a directory of its own, in memory if there is room; returns whether it found nothing."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix=f"fuzz-{target}-", dir=memory) as directory:
        corpus, program = Path(directory, "corpus"), HERE / ".build/release/fuzz"
        corpus.mkdir()
        if given is None:
            subprocess.run([program, target, "seeds", corpus], check=True, cwd=directory, env=ENVIRONMENT)
            add_fixtures(target, corpus)
        else:
            corpus = Path(directory, "input")
            corpus.write_bytes(given)
        run = subprocess.run(
            [program, target, "-rss_limit_mb=2048", "-malloc_limit_mb=64", "-timeout=10", *options, corpus], cwd=directory,
            env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        done = re.findall(r"Done (\d+) runs", run.stdout)
        print(f"{target}: {done[0] if done else 'no'} runs", "" if run.returncode else "without a finding", flush=True)
        if run.returncode == 0:
            return True
        print(run.stdout[-4000:] if given is not None else "\n".join(
            line for line in run.stdout.splitlines() if re.search(r"Fatal|ERROR|SUMMARY| #\d+ .* in ", line))[:4000])
        for path in Path(directory).glob("*-*"):
            if re.match(r"(crash|timeout|oom|slow-unit|leak)-", path.name):
                text = base64.b64encode(path.read_bytes()).decode()
                print(f"{path.name}: Tests/Fuzz/run.py --no-build --input '{text}' {target}")
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-build", action="store_true")
    parser.add_argument("--input", type=base64.b64decode, help="one input, in Base64, to run again")
    parser.add_argument("words", nargs="*", metavar="SECONDS or TARGET")
    arguments = parser.parse_args()
    seconds = [word for word in arguments.words if word.isdigit()] or ["30"]
    targets = [word for word in arguments.words if not word.isdigit()] or TARGETS
    if unknown := set(targets) - set(TARGETS):
        parser.error(f"no target {', '.join(unknown)}; there are {' '.join(TARGETS)}")
    if not arguments.no_build:
        build()
    options = [f"-max_total_time={seconds[0]}"] if arguments.input is None else []
    results = [fuzz(target, options, arguments.input) for target in targets]
    sys.exit(0 if all(results) else 1)


main()
