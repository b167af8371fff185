"""The bars that a run must reach: each is a figure of the product and the most (or least) that it may be of another one."""

VAULT, WAL, CIPHER = "TokenVault", "SQLite, WAL", "SQLCipher, WAL"
APPEND, ZEROS, REPLACE = "append + fdatasync", "write over zeros + fdatasync", "write + fsync + rename"
TOKEN, TEXT, BEHIND = "tokenvault token", "the records' text", ", 10000 entries behind"


def digits(value):
    """Three digits that count, or all before the point."""
    return f"{value:,.0f}" if value >= 99.95 else f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def figure(value, unit):
    if unit == "saves/s":
        return f"{int(value):,}/s"
    if unit == "bytes":
        return f"{digits(value / 1e6)} MB"
    return f"{digits(value / 1e6)} s" if value >= 1e6 else f"{digits(value / 1e3)} ms" if value >= 1e3 else f"{digits(value)} µs"


def aligned(rows):
    widths = [max(map(len, column)) for column in zip(*rows)]
    pad = lambda index, cell: cell.ljust(widths[0]) if index == 0 else cell.rjust(widths[index])
    return "\n".join("  ".join(pad(*cell) for cell in enumerate(row)).rstrip() for row in rows)


class Figures:
    """The rows of a run by disk, work, contender and number of tokens."""

    def __init__(self, results):
        self.sizes, self.many = results["sizes"], results["many"]
        self.few, self.large = self.sizes[0], [size for size in self.sizes if size >= self.many]
        self.disks = results["machine"]["disks"]
        self.rows = {(row["disk"], row["work"], row["contender"], row["tokens"]): row for row in results["rows"]}

    def value(self, disk, work, contender, tokens=None, member="median"):
        """None if it was not measured."""
        return self.rows.get((disk, work, contender, tokens or self.many), {}).get(member)


def bars(figures, disk):
    """A bar: its name, the figure, "<=" or ">=", the limit, what the limit is a share of, and the figure of that.

    None for what the limit is a share of stands for a limit of its own, with the unit of the figure.
    """
    few, many, sizes = figures.few, figures.many, figures.sizes
    at = lambda *place, **member: figures.value(disk, *place, **member)
    is_journaled = figures.disks[disk]["journal"]
    for size in figures.large:
        save = at("save", VAULT, size)
        yield f"save, {size:,}", save, "<=", 0.9, WAL, at("save", WAL, size)
        for other in (CIPHER, "LMDB", "RocksDB"):
            yield f"save, {size:,}", save, "<=", 1, other, at("save", other, size)
        if is_journaled:
            yield f"save, {size:,}", save, "<=", 0.6, APPEND, at("save", APPEND, size)
        if disk == "J":
            yield f"flushes a save, {size:,}", at("save", VAULT, size, member="flushes"), "<=", 1.03, None, 1
            yield f"requests a save, {size:,}", at("save", VAULT, size, member="requests"), "<=", 2.1, None, 1
    for size in sizes[1:2]:
        yield f"save, {size:,}", at("save", VAULT, size), "<=", 1, WAL, at("save", WAL, size)
    saves = [save for size in sizes[1:] if (save := at("save", VAULT, size))]
    yield "save, slowest size", max(saves, default=None), "<=", 1.2, "the fastest size", min(saves, default=None)
    yield f"save, {few:,}", at("save", VAULT, few), "<=", 1.2 if is_journaled else 1.25, REPLACE, at("save", REPLACE, few)

    threads, processes = ", 16 threads", VAULT + ", 4 processes"
    yield "16 threads saving", at("threads", VAULT + threads), ">=", 4.5, "one thread", at("threads", VAULT + ", 1 thread")
    yield "16 threads saving", at("threads", VAULT + threads), ">=", 4, WAL + threads, at("threads", WAL + threads)
    yield "4 processes saving", at("processes", processes), ">=", 1.2, "one process", at("processes", VAULT + ", 1 process")
    waits = ("processes", processes + " and a compaction: one save")
    yield "longest wait with a compaction", at(*waits, member="longest"), "<=", 100, "the median", at(*waits)
    yield "reader at a compaction", at("compaction", "reader: longest pause"), "<=", 1000, None, 1
    yield "other writer at a compaction", at("compaction", "other writer: longest pause"), "<=", 10_000, None, 1

    token = at("token", TOKEN, few)
    for size in figures.large:
        yield f"token, {size:,}", at("token", TOKEN, size), "<=", 1.15, f"that of {few:,}", token
        cipher = "sqlcipher, raw key"
        yield f"token, {size:,}", at("token", TOKEN, size), "<=", 1, cipher, at("token", cipher, size)
    yield "token" + BEHIND, at("token", TOKEN + BEHIND), "<=", 1.5, f"that of {few:,}", token
    yield f"token, {few:,}", token, "<=", 1, "age -d", at("token", "age -d", few)
    for configured, limit in [("", 1.15), (", configured", 1.3)]:
        name = "openssl version" + configured
        yield f"token, {few:,}" + configured, at("token", TOKEN + configured, few), "<=", limit, name, at("token", name, few)

    opened = at("open", VAULT)
    yield "open and find one", opened, "<=", 0.2, WAL, at("open", WAL)
    yield "open and find one" + BEHIND, at("open", VAULT + BEHIND), "<=", 2, "none behind", opened
    # What it was before the file had an index, on the machine of results.json.
    yield "find", at("find", VAULT), "<=", 1.7, None, 1
    yield "find (stretch)", at("find", VAULT), "<=", 1.1, "LMDB", at("find", "LMDB")
    for size in figures.large[1:]:
        yield f"find, {size:,}", at("find", VAULT, size), "<=", 1.3, f"that of {many:,}", at("find", VAULT)
    yield "rotate", at("rotation", "rotate"), "<=", 2, "read + " + REPLACE, at("rotation", "read + " + REPLACE)
    yield "rotate: memory", at("rotation", "rotate: peak memory"), "<=", 1, "the file", at("rotation", "the file")
    for name, limit in [("open vault", 1.9), ("tokenvault save", 0.2)]:
        yield f"memory: {name}", at("memory", name), "<=", limit, TEXT, at("memory", TEXT)
    for size in figures.large:
        imported = "tokenvault import"
        yield f"memory: {imported}, {size:,}", at("memory", imported, size), "<=", 2, TEXT, at("memory", TEXT, size)


def verdicts(results):
    """A table: bar, disk, limit, figure, and whether the figure is within the limit."""
    figures, table = Figures(results), [["bar", "disk", "limit", "figure", ""]]
    for disk in figures.disks:
        for name, value, sign, limit, other, base in bars(figures, disk):
            ratio = value / base if value is not None and base else None
            is_met = ratio is not None and (ratio <= limit if sign == "<=" else ratio >= limit)
            verdict = "not measured" if ratio is None else "met" if is_met else "stretch" if "stretch" in name else "missed"
            shown = "–" if ratio is None else digits(ratio)
            table.append([name, disk, f"{sign} {limit:,}" + (f" x {other}" if other else ""), shown, verdict])
    return table
