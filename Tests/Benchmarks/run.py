#!/usr/bin/env python3
"""Measures what a vault costs, against the bare system calls, SQLite and SQLCipher; prints the numbers as JSON.

    run.py [--quick] [--sizes 30,1000] [--tokenvault PATH] [--benchmark PATH] [WORK ...] > results.json

Works at each size below the current directory, which should be on a real disk. Without --benchmark, it builds that first;
the command is the release build. Progress and notes go to standard error. `report.py` makes tables and the chart of it.
"""

import argparse, datetime, json, os, pathlib, platform, shutil, signal, sqlite3, ssl, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent
WORKS = ["save", "find", "threads", "processes", "open", "commands", "import", "compaction", "memory", "codecs", "rotation"]
RAW_KEY = "x'" + "5a" * 32 + "'"
notes = []


def note(text):
    print(text, file=sys.stderr)
    notes.append(text)


def row(contender, figures, unit="µs"):
    """A row of times in microseconds, or of counts."""
    figures = sorted(figures)
    at = lambda share: figures[min(len(figures) - 1, int(share * len(figures)))]
    times = {"p99": at(0.99), "p999": at(0.999), "longest": figures[-1]} if unit == "µs" else {}
    return {"contender": contender, "unit": unit, "samples": len(figures), "median": at(0.5), **times}


def peak_memory(words):
    """Runs a command to its end; returns the most memory it had, in bytes."""
    null = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
    process = os.posix_spawnp(words[0], words, os.environ, file_actions=null)
    _, status, usage = os.wait4(process, 0)
    if status:
        sys.exit(f"{' '.join(words)} has ended with status {status}")
    return usage.ru_maxrss * 1024


class Run:
    """The works at one size."""

    def __init__(self, options, size):
        self.options, self.size = options, size

    def words(self, work, operand=None):
        mode = "quick" if self.options.quick else "full"
        return [self.options.benchmark, work, str(self.size), mode] + ([operand] if operand else [])

    def start(self, work, operand=None):
        """Starts a process, and waits until it has everything open."""
        process = subprocess.Popen(self.words(work, operand), stdin=-1, stdout=-1, text=True)
        if process.stdout.readline() != "ready\n":
            sys.exit(f"{work} has ended early")
        return process

    def rows(self, work, operand=None):
        return self.parse(subprocess.run(self.words(work, operand), check=True, stdout=-1, text=True).stdout)

    def parse(self, text):
        return [json.loads(line) for line in text.splitlines()]

    def measure(self, work):
        own = {"processes": self.processes, "commands": self.commands, "compaction": self.compaction,
               "memory": self.memory, "rotation": self.rotation, "open": self.open}
        return own[work]() if work in own else self.rows(work, self.options.tokenvault)

    def open(self):
        """Behind a long log, only the largest vault is opened."""
        return (self.rows("log") if self.size == self.options.sizes[-1] else []) + self.rows("open")

    def processes(self):
        """Saves a second of one process and of four, and how long a save took."""
        self.rows("fill")
        stores = [(kind, name) for kind, name in [("vault", "TokenVault"), ("sqlite-wal", "SQLite, WAL")]
                  if os.path.exists(f"{kind}-{self.size}")]
        contenders = {f"{name}, {count} {'process' if count == 1 else 'processes'}": (kind, count)
                      for kind, name in stores for count in (1, 4)}
        rates, saves = {name: [] for name in contenders}, {name: [] for name in contenders}
        for _ in range(2 if self.options.quick else 4):
            for name, (kind, count) in contenders.items():
                self.rows("compact")  # So that no process compacts meanwhile; `compaction` measures that.
                workers = [self.start("saving", kind) for _ in range(count)]
                for worker in workers:
                    worker.stdin.write("\n")
                    worker.stdin.flush()
                results = [[float(word) for word in worker.communicate()[0].split()] for worker in workers]
                rates[name].append(sum(result[0] for result in results))
                saves[name] += [time for result in results for time in result[1:]]
        return ([row(name, rates[name], "saves/s") for name in contenders]
                + [row(f"{name}: one save", saves[name]) for name in contenders])

    def commands(self):
        """Whole processes, from their start to their end, that print one access token."""
        self.rows("fill")
        self.rows("compact")
        plain, select = f"sqlite-delete-{self.size}", "SELECT access_token FROM oauthtoken WHERE id = '{}';"
        commands = {}
        if self.options.tokenvault:
            vault = f"vault-{self.size}"
            commands["tokenvault token ID"] = [self.options.tokenvault, "token", "{}", "--vault", vault, "--key-file", vault + ".key"]
        # A rollback journal, because a reader of a write-ahead log first creates two files.
        for name, key in [("raw key", f'"{RAW_KEY}"'), ("passphrase", "'a passphrase of some words'")]:
            if shutil.which("sqlcipher") and os.path.exists(plain):
                path = f"cipher-{name.split()[0]}-{self.size}"
                export = f"ATTACH '{path}' AS copy KEY {key}; SELECT sqlcipher_export('copy');"
                subprocess.run(["sqlcipher", plain, export], check=True, stdout=subprocess.DEVNULL)
                commands[f"sqlcipher, {name}"] = ["sqlcipher", path, f"PRAGMA key = {key}; {select}"]
        if shutil.which("sqlite3") and os.path.exists(plain):
            commands["sqlite3"] = ["sqlite3", plain, select]
        for words in commands.values():
            if "1000." not in subprocess.run([word.format(1) for word in words], stdout=-1, text=True).stdout:
                sys.exit(f"{words[0]} prints no token")
        times, end = {name: [] for name in commands}, time.monotonic() + (4 if self.options.quick else 20)
        for number in range(20 if self.options.quick else 100):
            for name, words in commands.items() if time.monotonic() < end else []:
                words = [word.format(number * 7919 % self.size + 1) for word in words]
                before = time.perf_counter()
                peak_memory(words)
                times[name].append((time.perf_counter() - before) * 1e6)
        return [row(name, figures) for name, figures in times.items()]

    def compaction(self):
        """Saves with a compaction among them, while another process finds."""
        writer = self.start("compaction")
        reader = self.start("reading")
        saves, finds = writer.communicate("\n")[0], reader.communicate()[0]
        if writer.returncode or reader.returncode:
            sys.exit("compaction has failed")
        return self.parse(saves + finds)

    def memory(self):
        """The peak memory of a process that opens the vault, and of commands on it, against the records' text."""
        vault, rows = f"vault-{self.size}", self.rows("memory")
        answer = {"user_name": "user1@zylker.example", "access_token": "1000.new", "expires_at": "2099-01-01T00:00:00.000Z"}
        pathlib.Path("one.json").write_text(json.dumps(answer))
        for words in [["token", "1"], ["save", "one.json"], ["list", "--json"]] if self.options.tokenvault else []:
            name = " ".join(words).replace(" 1", "").replace(" one.json", "")
            words = [self.options.tokenvault] + words + ["--vault", vault, "--key-file", vault + ".key"]
            rows.append(row(f"tokenvault {name}", [peak_memory(words)], "bytes"))
        return rows

    def rotation(self):
        return self.rows("rotation") + [row("rotate: peak memory", [peak_memory(self.words("rotate"))], "bytes")]


def machine():
    model = [line for line in open("/proc/cpuinfo") if line.startswith("model name")]
    cipher = shutil.which("sqlcipher") and subprocess.run(
        ["sqlcipher", ":memory:", "PRAGMA cipher_version;"], stdout=-1, text=True).stdout.split()[:1]
    kind = subprocess.run(["df", "--output=fstype", "."], stdout=-1, text=True).stdout.split()[-1]
    if kind == "tmpfs":
        note("tmpfs: durability costs nothing here")
    versions = {"OpenSSL": ssl.OPENSSL_VERSION.split()[1], "SQLite": sqlite3.sqlite_version, "SQLCipher": cipher and cipher[0]}
    return {"date": str(datetime.date.today()), "kernel": platform.release(), "cores": os.cpu_count(), "fileSystem": kind,
            "processor": model[0].split(": ")[1].strip() if model else "unknown", "versions": versions}


def check_disk(when):
    """A journal waits for other processes that synchronize: each fsync then takes milliseconds, whoever is measured."""
    times = []
    with open("noise", "ab", buffering=0) as file:
        for _ in range(300):
            before = time.perf_counter()
            file.write(bytes(600))
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - before)
    if sorted(times)[150] > 2.5 * min(times):
        note(f"{when}, another process synchronizes the disk: run it again when it is quiet")


def sizes_of(work, sizes):
    if work in ("save", "find", "open"):
        return sizes
    if work in ("threads", "processes"):
        return [size for size in sizes if size in (1000, sizes[-1])]
    return sorted({sizes[0], sizes[-1]}) if work == "commands" else sizes[-1:]


def measure_all(options):
    results = {"machine": machine(), "isQuick": options.quick, "sizes": options.sizes, "notes": notes, "rows": []}
    check_disk("at the start")
    for work in options.works or WORKS:
        for size in sizes_of(work, options.sizes):
            print(work, size, file=sys.stderr)
            rows = Run(options, size).measure(work)
            results["rows"] += [{"work": work, "tokens": size, **dict(sorted(row.items()))} for row in rows]
    check_disk("at the end")
    return results


def dump(results):
    """One JSON object, with one line for each member and row."""
    text = lambda value: json.dumps(value, ensure_ascii=False)
    members = [f'"{name}": {text(value)}' for name, value in results.items() if name != "rows"]
    return "{\n%s,\n\"rows\": [\n  %s\n]}" % (",\n".join(members), ",\n  ".join(map(text, results["rows"])))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--sizes", type=lambda text: sorted(map(int, text.split(","))))
    parser.add_argument("--tokenvault", default=HERE.parent.parent / ".build/release/tokenvault", type=pathlib.Path)
    parser.add_argument("--benchmark")
    parser.add_argument("works", nargs="*", choices=[[], *WORKS])
    options = parser.parse_args()
    options.sizes = options.sizes or [30, 1000, 10_000] + ([] if options.quick else [100_000])
    if not options.benchmark:
        build = ["swift", "build", "-c", "release", "--package-path", HERE]
        subprocess.run(build, check=True, stdout=sys.stderr)
        options.benchmark = str(HERE / ".build/release/benchmark")
    options.benchmark = os.path.abspath(options.benchmark)
    if not options.tokenvault.exists():
        note("tokenvault is left out: swift build -c release --product tokenvault")
    options.tokenvault = str(options.tokenvault.resolve()) if options.tokenvault.exists() else None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="benchmark-", dir=os.getcwd()) as scratch:
        os.chdir(scratch)
        pathlib.Path(".gitignore").write_text("*\n")
        for name in [name for name in os.environ if name.startswith("TOKENVAULT_")]:
            del os.environ[name]
        for name in ["HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"]:
            os.environ[name] = os.path.abspath("home")
        os.mkdir("home", 0o700)
        print(dump(measure_all(options)))
        os.chdir("..")


if __name__ == "__main__":
    main()
