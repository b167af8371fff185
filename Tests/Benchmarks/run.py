#!/usr/bin/env python3
"""Measures what a vault costs, against the bare system calls, SQLite and SQLCipher; prints the numbers as JSON.

    run.py [--quick] [--sizes 30,1000] [--tokenvault PATH] [--benchmark PATH] [WORK ...] > results.json

Works below the current directory, which should be on a real disk. Builds the package, unless --benchmark names a built one;
the command is the release build of it. Progress and notes go to standard error. `report.py` makes tables and the chart.
The work start-up compares whole processes: `openssl version`, `age -d` of 30 records, and `tokenvault token`.
"""

import argparse, datetime, json, os, pathlib, platform, shutil, sqlite3, ssl, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent
WORKS = ["save", "find", "threads", "processes", "open", "commands", "import", "compaction", "memory", "codecs",
         "rotation", "start-up"]
RAW_KEY = "x'" + "5a" * 32 + "'"
SELECT = "SELECT access_token FROM oauthtoken WHERE id = '{}';"
notes = []


def note(text):
    print(text, file=sys.stderr)
    notes.append(text)


def row(contender, figures, unit="µs"):
    """A row of times in microseconds, or of counts."""
    figures = sorted(figures)
    at = lambda share: round(figures[min(len(figures) - 1, int(share * len(figures)))], 3)
    times = {"p99": at(0.99), "p999": at(0.999), "longest": at(1)} if unit == "µs" else {}
    return {"contender": contender, "unit": unit, "samples": len(figures), "median": at(0.5), **times}


def rows(text):
    """What the program prints, one JSON object a line."""
    return [row(**json.loads(line)) for line in text.splitlines()]


def output(words):
    return subprocess.run(words, check=True, stdout=-1, text=True).stdout


def peak_memory(words):
    """Runs a command to its end; returns the most memory it had, in bytes."""
    null = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
    _, status, usage = os.wait4(os.posix_spawnp(words[0], words, os.environ, file_actions=null), 0)
    if status:
        sys.exit(f"{' '.join(words)} has ended with status {status}")
    return usage.ru_maxrss * 1024


class Run:
    """The works at one size."""

    def __init__(self, options, size):
        self.options, self.size, self.vault = options, size, f"vault-{size}"
        self.access = ["--vault", self.vault, "--key-file", self.vault + ".key"]

    def words(self, work, operand=None):
        mode = "quick" if self.options.quick else "full"
        return [self.options.benchmark, work, str(self.size), mode] + ([operand] if operand else [])

    def start(self, work, operand=None):
        """Starts a process, and waits until it has everything open."""
        process = subprocess.Popen(self.words(work, operand), stdin=-1, stdout=-1, text=True)
        lines = []
        while (line := process.stdout.readline()) != "ready\n":
            lines.append(line or sys.exit(f"{work} has ended early"))
        return process, "".join(lines)

    def measure(self, work):
        own = getattr(self, "measure_" + work.replace("-", "_"), None)
        return own() if own else rows(output(self.words(work)))

    def measure_open(self):
        """Behind a long log, only the largest vault is opened."""
        works = ["log", "open"] if self.size == self.options.sizes[-1] else ["open"]
        return [row for work in works for row in rows(output(self.words(work)))]

    def measure_processes(self):
        """Saves a second of one process and of four, and how long a save took."""
        output(self.words("fill"))
        contenders = {f"{name}, {count} {'process' if count == 1 else 'processes'}": (kind, count)
                      for kind, name in [("vault", "TokenVault"), ("sqlite-wal", "SQLite, WAL")]
                      for count in (1, 4) if os.path.exists(f"{kind}-{self.size}")}
        rates, saves = {name: [] for name in contenders}, {name: [] for name in contenders}
        for _ in range(2 if self.options.quick else 4):
            for name, (kind, count) in contenders.items():
                output(self.words("compact"))  # So that no process compacts meanwhile; `compaction` measures that.
                workers = [self.start("saving", kind)[0] for _ in range(count)]
                for worker in workers:
                    worker.stdin.write("\n")
                    worker.stdin.flush()
                results = [list(map(json.loads, worker.communicate()[0].splitlines())) for worker in workers]
                rates[name].append(sum(rate["figures"][0] for rate, _ in results))
                saves[name] += [figure for _, times in results for figure in times["figures"]]
        return ([row(name, rates[name], "saves/s") for name in contenders]
                + [row(f"{name}: one save", saves[name]) for name in contenders])

    def race(self, commands):
        """Whole processes, from their start to their end, in turn."""
        times, end = {name: [] for name in commands}, time.monotonic() + (4 if self.options.quick else 20)
        for number in range(20 if self.options.quick else 100):
            for name, words in commands.items() if time.monotonic() < end else []:
                words = [word.replace("{}", str(number * 7919 % self.size + 1)) for word in words]
                before = time.perf_counter()
                peak_memory(words)
                times[name].append((time.perf_counter() - before) * 1e6)
        return [row(name, figures) for name, figures in times.items()]

    def measure_commands(self):
        """Processes that print one access token."""
        output(self.words("fill"))
        output(self.words("compact"))
        plain, commands = f"sqlite-delete-{self.size}", {}
        if self.options.tokenvault:
            commands["tokenvault token ID"] = [self.options.tokenvault, "token", "{}", *self.access]
        # With a rollback journal, because a reader of a write-ahead log first creates two files.
        for name, key in [("raw key", f'"{RAW_KEY}"'), ("passphrase", "'a passphrase of some words'")]:
            if shutil.which("sqlcipher") and os.path.exists(plain):
                path = f"cipher-{name.split()[0]}-{self.size}"
                output(["sqlcipher", plain, f"ATTACH '{path}' AS copy KEY {key}; SELECT sqlcipher_export('copy');"])
                commands[f"sqlcipher, {name}"] = ["sqlcipher", path, f"PRAGMA key = {key}; {SELECT}"]
        if shutil.which("sqlite3") and os.path.exists(plain):
            commands["sqlite3"] = ["sqlite3", plain, SELECT]
        for name, words in commands.items():
            if "1000." not in output([word.replace("{}", "1") for word in words]):
                sys.exit(f"{name} prints no token")
        return self.race(commands)

    def measure_start_up(self):
        output(self.words("fill"))
        commands = {"openssl version": ["openssl", "version"]}
        if self.options.tokenvault:
            commands["tokenvault token ID"] = [self.options.tokenvault, "token", "{}", *self.access]
            records = output([self.options.tokenvault, "export", "--plaintext", *self.access])
            if shutil.which("age"):
                subprocess.run(["age-keygen", "-o", "age.key"], check=True, stderr=subprocess.DEVNULL)
                recipient = output(["age-keygen", "-y", "age.key"]).strip()
                subprocess.run(["age", "-r", recipient, "-o", "records.age"], check=True, input=records, text=True)
                commands["age -d"] = ["age", "-d", "-i", "age.key", "records.age"]
        return self.race(commands)

    def measure_import(self):
        """The command that imports all records from CSV into a fresh vault, against encrypting and replacing its bytes."""
        output(self.words("csv"))
        times, floors = [], []
        for number in range((3 if self.options.quick else 7) if self.options.tokenvault else 0):
            fresh = ["--vault", f"imported-{number}", "--key-file", f"imported-{number}.key", "--quiet"]
            peak_memory([self.options.tokenvault, "init", *fresh])
            os.sync()
            before = time.perf_counter()
            peak_memory([self.options.tokenvault, "import", "all.csv", *fresh])
            times.append((time.perf_counter() - before) * 1e6)
            size = os.path.getsize(f"imported-{number}")
            floors += json.loads(output(self.words("seal", str(size))))["figures"]
        return [row("AES-256-GCM + write + fsync + rename", floors), row("tokenvault import", times)] if times else []

    def measure_compaction(self):
        """Saves with a compaction among them, while another process finds."""
        (writer, deletes), (reader, _) = self.start("compaction"), self.start("reading")
        saves, finds = writer.communicate("\n")[0], reader.communicate()[0]
        if writer.returncode or reader.returncode:
            sys.exit("compaction has failed")
        return rows(deletes + saves + finds)

    def measure_memory(self):
        """The peak memory of a process that opens the vault, and of commands on it, against the records' text."""
        output(self.words("fill"))
        process, _ = self.start("memory")
        status = dict(line.split(":") for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines())
        peak, resident = (int(status[name].split()[0]) * 1024 for name in ("VmHWM", "VmRSS"))
        result = rows(process.communicate("\n")[0])
        result += [row("open, find two, count all", [peak], "bytes"), row("the same, afterwards", [resident], "bytes")]
        answer = {"user_name": "user1@zylker.example", "access_token": "1000.new"}
        pathlib.Path("one.json").write_text(json.dumps(answer))
        commands = {"token": ["token", "1"], "save": ["save", "one.json"], "list --json": ["list", "--json"]}
        for name, words in commands.items() if self.options.tokenvault else []:
            memory = peak_memory([self.options.tokenvault, *words, *self.access])
            result.append(row(f"tokenvault {name}", [memory], "bytes"))
        return result

    def measure_rotation(self):
        times = rows(output(self.words("rotation")))
        return times + [row("rotate: peak memory", [peak_memory(self.words("rotate"))], "bytes")]


def machine():
    model = [line for line in open("/proc/cpuinfo") if line.startswith("model name")]
    cipher = output(["sqlcipher", ":memory:", "PRAGMA cipher_version;"]).split()[0] if shutil.which("sqlcipher") else None
    file_system = output(["df", "--output=fstype", "."]).split()[-1]
    if file_system == "tmpfs":
        note("tmpfs: durability costs nothing here")
    return {"date": str(datetime.date.today()), "kernel": platform.release(), "cores": os.cpu_count(),
            "processor": model[0].split(": ")[1].strip() if model else "unknown", "fileSystem": file_system,
            "versions": {"OpenSSL": ssl.OPENSSL_VERSION.split()[1], "SQLite": sqlite3.sqlite_version, "SQLCipher": cipher}}


def check_disk(when):
    """If other processes synchronize the disk, its journal waits for them, and each fsync takes milliseconds."""
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
    if work in ("threads", "processes"):
        return [size for size in sizes if size in (1000, sizes[-1])]
    if work in ("save", "find", "open"):
        return sizes
    return {"commands": sorted({sizes[0], sizes[-1]}), "start-up": sizes[:1]}.get(work, sizes[-1:])


def measure_all(options):
    results = {"machine": machine(), "isQuick": options.quick, "sizes": options.sizes, "notes": notes, "rows": []}
    check_disk("at the start")
    for work in options.works or WORKS:
        for size in sizes_of(work, options.sizes):
            print(work, size, file=sys.stderr)
            results["rows"] += [{"work": work, "tokens": size, **row} for row in Run(options, size).measure(work)]
    check_disk("at the end")
    return results


def dump(results):
    """One JSON object, with one line for each member and row."""
    text = lambda value: json.dumps(value, ensure_ascii=False)
    members = [f'"{name}": {text(value)}' for name, value in results.items() if name != "rows"]
    return "{\n%s,\n\"rows\": [\n  %s\n]}" % (",\n".join(members), ",\n  ".join(map(text, results["rows"])))


def options_of(words):
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--sizes", type=lambda text: sorted(map(int, text.split(","))))
    parser.add_argument("--tokenvault", default=HERE.parent.parent / ".build/release/tokenvault", type=pathlib.Path)
    parser.add_argument("--benchmark", type=pathlib.Path)
    parser.add_argument("works", nargs="*", choices=[[], *WORKS])
    options = parser.parse_args(words)
    options.sizes = options.sizes or [30, 1000, 10_000] + ([] if options.quick else [100_000])
    if not options.benchmark:
        subprocess.run(["swift", "build", "-c", "release", "--package-path", HERE], check=True, stdout=sys.stderr)
        options.benchmark = HERE / ".build/release/benchmark"
    if not options.tokenvault.exists():
        note("tokenvault is left out: swift build -c release --product tokenvault")
    options.benchmark = str(options.benchmark.resolve())
    options.tokenvault = str(options.tokenvault.resolve()) if options.tokenvault.exists() else None
    return options


def main():
    options, start = options_of(sys.argv[1:]), os.getcwd()
    with tempfile.TemporaryDirectory(prefix="benchmark-", dir=start) as scratch:
        os.chdir(scratch)
        pathlib.Path(".gitignore").write_text("*\n")
        for name in [name for name in os.environ if name.startswith("TOKENVAULT_")]:
            del os.environ[name]
        os.environ |= {name: scratch for name in ["HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"]}
        print(dump(measure_all(options)))
        os.chdir(start)


if __name__ == "__main__":
    main()
