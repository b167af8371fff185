"""What is measured: each method of `Run` that begins with `measure_`, and the works of the program."""

import collections, contextlib, json, os, pathlib, shutil, subprocess, sys, time

RAW_KEY = "x'" + "5a" * 32 + "'"
SELECT = "SELECT access_token FROM oauthtoken WHERE id = '{}';"
notes, failures = [], []


def note(text):
    print(text, file=sys.stderr)
    notes.append(text)


@contextlib.contextmanager
def going_on(what):
    """If this fails, the run goes on without it, and ends with status 1."""
    try:
        yield
    except (subprocess.CalledProcessError, RuntimeError) as error:
        note(f"{what} has failed: {error}")
        failures.append(what)


def row(contender, figures, unit="µs", **counts):
    """A row of times in microseconds, or of counts."""
    figures = sorted(figures)
    at = lambda share: round(figures[min(len(figures) - 1, int(share * len(figures)))], 3)
    times = {"p999": at(0.999), "longest": at(1)} if unit == "µs" else {}
    counts = {name: round(count, 3) for name, count in counts.items()}
    return {"contender": contender, "unit": unit, "samples": len(figures), "median": at(0.5), **times, **counts}


def rows(text):
    """What the program prints, one JSON object a line."""
    return [row(**json.loads(line)) for line in text.splitlines()]


def output(words, **options):
    return subprocess.run(words, check=True, stdout=-1, text=True, **options).stdout


class Run:
    """The works at one size, in the current directory."""

    def __init__(self, options, size):
        self.options, self.size = options, size

    def rounds(self, count):
        return max(2, count // 5) if self.options.quick else count

    def words(self, work, *operands):
        return [self.options.benchmark, work, str(self.size), "quick" if self.options.quick else "full", *operands]

    def command(self, *words, vault="vault"):
        """The command's words for a vault that the program has made."""
        path = f"{vault}-{self.size}"
        return [self.options.tokenvault, *words, "--vault", path, "--key-file", path + ".key", "--quiet"]

    def timed(self, words):
        """Runs a process to its end: how long it took, and the most memory that it had."""
        time, memory = output([self.options.timed, *words]).split()
        return float(time), int(memory)

    def measure(self, work):
        own = getattr(self, "measure_" + work, None)
        return own() if own else rows(output(self.words(work)))

    # Processes that work on one store at once

    def together(self, jobs, lasting):
        """Runs these works until `lasting` returns; what each has printed, or nothing if that was in vain."""
        processes = [subprocess.Popen(self.words(*job), stdin=-1, stdout=-1, text=True) for job in jobs]
        for process in processes:
            if process.stdout.readline() != "ready\n":
                raise RuntimeError(f"{jobs} have ended early")
        for process in processes:
            process.stdin.write("\n")
            process.stdin.flush()
        is_good = lasting()
        for process in processes:
            process.stdin.close()
        results = [list(map(json.loads, process.stdout.read().splitlines())) for process in processes]
        if any(process.wait() for process in processes):
            raise RuntimeError(f"{jobs} have failed")
        return [{result["contender"]: result["figures"] for result in printed} for printed in results] if is_good else []

    def a_turn(self):
        time.sleep(0.4 if self.options.quick else 1.5)
        return True

    def a_compaction(self):
        """Waits until another file is at the vault's path, and a little longer; whether there was one."""
        inode = lambda: os.stat(f"vault-{self.size}").st_ino
        before, end = inode(), time.monotonic() + 30
        while inode() == before:
            time.sleep(0.05)
            if time.monotonic() > end:
                note(f"no compaction of {self.size:,} tokens in 30 s of saves")
                return False
        time.sleep(0.5)
        return True

    def measure_processes(self):
        """Saves a second of one process and of four, and how long a save took, also with a compaction among them."""
        output(self.words("fill"))
        rates, saves = collections.defaultdict(list), collections.defaultdict(list)
        stores = {"vault": "TokenVault", "sqlite-wal": "SQLite, WAL", "lmdb": "LMDB"}
        contenders = [(kind, name, count, False) for kind, name in stores.items() for count in (1, 4)
                      if os.path.exists(f"{kind}-{self.size}")] + [("vault", "TokenVault", 4, True)]
        for _ in range(self.rounds(6)):
            for kind, name, count, compacts in contenders:
                name += f", {count} {'process' if count == 1 else 'processes'}" + (" and a compaction" if compacts else "")
                output(self.words("grow" if compacts else "compact"))
                results = self.together([("saving", kind)] * count, self.a_compaction if compacts else self.a_turn)
                if results:
                    rates[name].append(sum(result["rate"][0] for result in results))
                    saves[name] += [figure for result in results for figure in result["one save"]]
        return [row(name, figures, "saves/s") for name, figures in rates.items()] + [
            row(name + ": one save", figures) for name, figures in saves.items()]

    def measure_compaction(self):
        """Two processes save until one of them compacts, while a third finds: the longest pause of each."""
        pauses, all_times = collections.defaultdict(list), collections.defaultdict(list)
        for _ in range(self.rounds(5)):
            output(self.words("grow"))
            results = self.together([("saving", "vault")] * 2 + [("reading",)], self.a_compaction)
            if not results:
                continue
            *saves, finds = [next(result[name] for name in ("one save", "one find") if name in result) for result in results]
            # Of the two writers, the one that compacts waits longer.
            longest = [*sorted(map(max, saves)), max(finds)]
            for name, pause in zip(["other writer", "compacting writer", "reader"], longest):
                pauses[name + ": longest pause"].append(pause)
            all_times["one save"] += sum(saves, [])
            all_times["one find"] += finds
        return [row(name, figures) for name, figures in (pauses | all_times).items()]

    # Whole processes

    def measure_token(self):
        """Processes that print one access token of the vaults of all sizes; and what starts or decrypts as much."""
        runs, commands = [Run(self.options, size) for size in self.options.sizes], {}
        for run in runs:
            output(run.words("fill"))
            output(run.words("compact"))
            commands |= run.token_commands()
        commands |= self.start_up_commands()
        for (name, size), (words, environment) in commands.items():
            printed = output([word.replace("{}", "1") for word in words], env=os.environ | environment)
            if "1000." not in printed and "OpenSSL" not in printed:
                raise RuntimeError(f"{name} prints no token")
        times, end = collections.defaultdict(list), time.monotonic() + (6 if self.options.quick else 90)
        for number in range(self.rounds(1000)):
            for key, (words, environment) in commands.items() if time.monotonic() < end else []:
                os.environ |= environment
                times[key].append(self.timed([word.replace("{}", str(number * 7919 % key[1] + 1)) for word in words])[0])
                for name in environment:
                    del os.environ[name]
        return [{**row(name, figures), "tokens": size} for (name, size), figures in times.items()]

    def token_commands(self):
        commands, plain = {}, f"sqlite-delete-{self.size}"
        if self.options.tokenvault:
            commands["tokenvault token"] = self.command("token", "{}")
            if self.size == self.options.many:
                behind = f"tokenvault token, {min(10_000, self.size // 2)} entries behind"
                commands[behind] = self.command("token", "{}", vault="log")
        # With a rollback journal, because a reader of a write-ahead log first creates two files.
        if shutil.which("sqlcipher") and os.path.exists(plain):
            path = f"cipher-{self.size}"
            if not os.path.exists(path):
                key = f'"{RAW_KEY}"'
                output(["sqlcipher", plain, f"ATTACH '{path}' AS copy KEY {key}; SELECT sqlcipher_export('copy');"])
            commands["sqlcipher, raw key"] = ["sqlcipher", path, f"PRAGMA key = \"{RAW_KEY}\"; {SELECT}"]
        if shutil.which("sqlite3") and os.path.exists(plain):
            commands["sqlite3"] = ["sqlite3", plain, SELECT]
        return {(name, self.size): (words, {}) for name, words in commands.items()}

    def start_up_commands(self):
        """On the smallest vault. With a configuration of OpenSSL that asks for a policy, all have to read it."""
        pathlib.Path("openssl.cnf").write_text(
            "openssl_conf = init\n[init]\nalg_section = algorithms\nssl_conf = ssl\n[algorithms]\ndefault_properties = provider=default\n"
            "[ssl]\nsystem_default = policy\n[policy]\nMinProtocol = TLSv1.2\n")
        policy = {"OPENSSL_CONF": os.path.abspath("openssl.cnf")}
        openssl = ["openssl", "version"]
        commands = {"openssl version": (openssl, {}), "openssl version, configured": (openssl, policy)}
        if self.options.tokenvault:
            commands["tokenvault token, configured"] = (self.command("token", "{}"), policy)
            records = output(self.command("export", "--plaintext"))
            if shutil.which("age"):
                if not os.path.exists("age.key"):
                    subprocess.run(["age-keygen", "-o", "age.key"], check=True, stderr=subprocess.DEVNULL)
                recipient = output(["age-keygen", "-y", "age.key"]).strip()
                subprocess.run(["age", "-r", recipient, "-o", "records.age"], check=True, input=records, text=True)
                commands["age -d"] = (["age", "-d", "-i", "age.key", "records.age"], {})
        return {(name, self.size): command for name, command in commands.items()}

    # Memory

    def measure_memory(self):
        """The peak memory of a process that has the vault open, and of commands, against the records' text."""
        output(self.words("fill"))
        output(self.words("text"))
        result = [row("the records' text", [os.path.getsize("all.json")], "bytes")]
        result.append(row("open vault", [self.timed(self.words("memory"))[1]], "bytes"))
        pathlib.Path("one.json").write_text(json.dumps({"user_name": "user1@zylker.example", "access_token": "1000.new"}))
        commands = {"token": self.command("token", "1"), "save": self.command("save", "one.json"),
                    "list --json": self.command("list", "--json"), "import": self.command("import", "all.json", vault="imported")}
        if self.options.tokenvault:
            output(self.command("init", vault="imported"))
            for name, words in commands.items():
                with going_on(f"tokenvault {name} of {self.size:,}"):
                    elapsed, memory = self.timed(words)
                    result += [row(f"tokenvault {name}", [memory], "bytes"), row(f"tokenvault {name}: time", [elapsed])]
        for path in pathlib.Path().glob("imported-*"):
            path.unlink()
        return result

    def measure_rotation(self):
        result = rows(output(self.words("rotation")))
        size = os.path.getsize(f"vault-{self.size}")
        memory = self.timed(self.words("rotate"))[1]
        return result + [row("the file", [size], "bytes"), row("rotate: peak memory", [memory], "bytes")]


# Each work, and at which sizes it is measured: "token" measures all of them in one race.
WORKS = dict.fromkeys(["save", "find"], lambda options: options.sizes)
WORKS |= dict.fromkeys(["open", "memory"], lambda options: options.large)
WORKS |= dict.fromkeys(["threads", "processes", "compaction", "rotation"], lambda options: [options.many])
WORKS["token"] = lambda options: options.sizes[:1]
