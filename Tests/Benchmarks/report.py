#!/usr/bin/env python3
"""Prints the figures of a run, and whether they reach their bars; with --write, also makes the README's table and the chart.

    report.py [--write] [results.json]
"""

import json, math, pathlib, sys

HERE = pathlib.Path(__file__).resolve().parent
README = HERE.parent.parent / "README.md"
CHART = HERE.parent.parent / "Sources/TokenVault/TokenVault.docc/save-cost.svg"
VAULT, DELETE, WAL, CIPHER = "TokenVault", "SQLite, DELETE", "SQLite, WAL", "SQLCipher, WAL"
APPEND, REPLACE, AES = "append + fdatasync", "write + fsync + rename", "AES-256-GCM alone"
# What the others of a work, with the same unit, are compared with.
BASES = {"save": APPEND, "find": VAULT, "threads": VAULT + ", 1 thread", "processes": VAULT + ", 1 process", "open": AES,
         "commands": "tokenvault token ID", "import": "AES-256-GCM + " + REPLACE, "memory": "the records' text",
         "codecs": "JSON encode", "rotation": "read + " + REPLACE}


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


class Report:
    def __init__(self, results):
        self.sizes, self.rows = results["sizes"], results["rows"]
        self.few, self.many = self.sizes[0], self.sizes[-1]
        self.found = {(row["work"], row["contender"], row["tokens"]): row for row in self.rows}

    def value(self, work, contender, tokens=None, member="median"):
        row = self.found.get((work, contender, tokens or self.many))
        return row and row[member]

    # Text

    def figures(self):
        for work in dict.fromkeys(row["work"] for row in self.rows):
            table = [["\n" + work, "tokens", "runs", "median", "p99", "longest", f"x {BASES.get(work, '')}"]]
            for row in [row for row in self.rows if row["work"] == work]:
                base = self.found.get((work, BASES.get(work), row["tokens"]))
                ratio = base and base["unit"] == row["unit"] and row["median"] / base["median"]
                times = [figure(row[name], row["unit"]) if name in row else "" for name in ("median", "p99", "longest")]
                table.append([row["contender"], f"{row['tokens']:,}", f"{row['samples']:,}", *times, digits(ratio) if ratio else ""])
            print(aligned(table))

    def bars(self):
        """Each bar: a ratio of two figures, and the most ("<=") or the least (">=") that it may be."""
        few, many, at = self.few, self.many, self.value
        token, threads, processes = "tokenvault token ID", VAULT + ", 16 threads", VAULT + ", 4 processes"
        wait, replace = processes + ": one save", "deleteToken (one replace)"
        rest = at("commands", token) and at("commands", token, few) and at("commands", token) - at("commands", token, few)
        bars = [
            (f"save, {many:,}", "<=", 1.3, APPEND, at("save", VAULT), at("save", APPEND)),
            (f"save, {many:,}", "<=", 1, WAL, at("save", VAULT), at("save", WAL)),
            *((f"save, {size:,}", "<=", 1.2, f"that at {many:,}", at("save", VAULT, size), at("save", VAULT))
              for size in self.sizes[1:-1]),
            (f"save, {few:,}", "<=", 1.25, REPLACE, at("save", VAULT, few), at("save", REPLACE, few)),
            (f"save, {few:,}", "<=", 1, DELETE, at("save", VAULT, few), at("save", DELETE, few)),
            ("16 threads saving", ">=", 5, "one thread", at("threads", threads), at("threads", VAULT + ", 1 thread")),
            ("16 threads saving", ">=", 1, WAL, at("threads", threads), at("threads", WAL + ", 16 threads")),
            ("4 processes saving", ">=", 1, "one", at("processes", processes), at("processes", VAULT + ", 1 process")),
            ("longest wait", "<=", 100, "the median", at("processes", wait, member="longest"), at("processes", wait)),
            ("find", "<=", 1, "2 µs", at("find", VAULT), 2),
            ("find", "<=", 0.3, WAL, at("find", VAULT), at("find", WAL)),
            ("open and find one", "<=", 4, AES, at("open", VAULT), at("open", AES)),
            *(("token ID", "<=", 1, name, at("commands", token), at("commands", name))
              for name in ("sqlcipher, raw key", "sqlcipher, passphrase")),
            (f"token ID, above {few:,}", "<=", 1, "60 ms", rest, 60_000),
            ("import from CSV", "<=", 6, BASES["import"], at("import", "tokenvault import"), at("import", BASES["import"])),
            ("reader's longest pause", "<=", 1, "one replace", at("compaction", "another process's finds", member="longest"),
             at("compaction", replace)),
            ("p99.9 of saves", "<=", 2, "one replace", at("compaction", "save", member="p999"), at("compaction", replace)),
            *((name, "<=", limit, BASES["memory"], at("memory", name), at("memory", BASES["memory"]))
              for name, limit in [("open, find two, count all", 3), ("tokenvault token", 2.5), ("tokenvault save", 2.5),
                                  ("tokenvault list --json", 2.5)])]
        for name, sign, limit, other, upper, lower in bars:
            ratio = upper / lower if upper is not None and lower else None
            reached = ratio is not None and (ratio <= limit if sign == "<=" else ratio >= limit)
            verdict = "not measured" if ratio is None else "reached" if reached else "missed"
            yield [name, f"{sign} {limit} x {other}", digits(ratio or 0), verdict]

    def table(self):
        """The README's table."""
        commands = {VAULT: "tokenvault token ID", CIPHER: "sqlcipher, raw key", WAL: "sqlite3"}
        lines = [["", *(f"save, {size:,}" for size in self.sizes), "find", "16 threads saving", "open and find", "`token`"]]
        lines.append(["---"] + ["---:"] * (len(lines[0]) - 1))
        for name in [VAULT, DELETE, WAL, CIPHER, APPEND, REPLACE, AES]:
            cells = [("save", name, size) for size in self.sizes] + [
                ("find", name, self.many), ("threads", name + ", 16 threads", self.many), ("open", name, self.many),
                ("commands", commands.get(name), self.many)]
            rows = [self.found.get(cell) for cell in cells]
            lines.append([name, *(figure(row["median"], row["unit"]) if row else "–" for row in rows)])
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)

    # The chart: both axes are logarithmic

    def chart(self):
        styles = {REPLACE: "bare", APPEND: "bare", DELETE: "journal", CIPHER: "cipher", WAL: "log", VAULT: "vault"}
        left, right, top, bottom = 76, 548, 48, 360
        times = [row["median"] for row in self.rows if row["work"] == "save" and row["contender"] in styles]
        # Half a decade below the least leaves room for the labels of the lines that end near it.
        low, high = math.log10(min(times)) - 0.5, math.ceil(math.log10(max(times)))
        across = lambda size: left + (right - left) * math.log(size / self.few) / math.log(self.many / self.few)
        up = lambda time: bottom - (bottom - top) * (math.log10(time) - low) / (high - low)
        title = "Saving one token, durably: time against the number of tokens in the store"
        parts = [f'<text class="title" x="{left}" y="26">{title}</text>']
        for power in range(math.ceil(low), high + 1):
            y, name = up(10 ** power), figure(10 ** power, "µs").replace(".00", "").replace(".0", "")
            parts.append(f'<path class="grid" d="M{left} {y:.1f}H{right}"/><text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{name}</text>')
        parts += [f'<text x="{across(size):.1f}" y="{bottom + 20}" text-anchor="middle">{size:,}</text>' for size in self.sizes]
        parts.append(f'<path class="axis" d="M{left} {bottom}H{right}"/><text x="{(left + right) / 2}" y="{bottom + 42}" text-anchor="middle">tokens</text>')
        labels = []
        for name, style in styles.items():
            points = [(across(size), up(time)) for size in self.sizes if (time := self.value("save", name, size))]
            if points:
                dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points)
                parts.append(f'<g class="{style}"><path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in points)}"/>{dots}</g>')
                labels.append([points[-1][1], style, f"{name}, {figure(self.value('save', name), 'µs')}"])
        # At the lines' ends, moved apart; the lowest stays above the axis.
        labels.sort()
        for index in range(1, len(labels)):
            labels[index][0] = max(labels[index][0], labels[index - 1][0] + 18)
        floor = bottom - 8
        for label in reversed(labels):
            label[0] = min(label[0], floor)
            floor = label[0] - 18
        parts += [f'<text class="{style}" x="{right + 12}" y="{y + 4:.1f}">{text}</text>' for y, style, text in labels]
        return SVG.format(title=title, light=colors_of(0), dark=colors_of(1), parts="\n".join(parts))


# The chart has a ground of its own, so that it can be read on a page of any colour.
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 420" role="img" aria-label="{title}">
<style>
text{{font:13px system-ui,sans-serif}}.title{{font-size:15px}}text.vault{{font-weight:600}}
path{{fill:none;stroke-width:2}}path.grid,path.axis{{stroke-width:1}}g.vault path{{stroke-width:3.5}}
g.bare path{{stroke-dasharray:5 4}}
{light}
@media(prefers-color-scheme:dark){{
{dark}
}}
</style>
<rect class="ground" x="0.5" y="0.5" width="799" height="419" rx="8"/>
{parts}
</svg>
"""
# For a light and a dark ground.
COLORS = {"journal": ("#bc4c00", "#f0883e"), "cipher": ("#8250df", "#bc8cff"), "log": ("#0969da", "#58a6ff"),
          "vault": ("#1a7f37", "#3fb950"), "bare": ("#6e7781", "#9198a1")}
GROUND = ["text{fill:#57606a}.title{fill:#24292f}.ground{fill:#fff;stroke:#d0d7de}.grid{stroke:#d0d7de}.axis{stroke:#8c959f}",
          "text{fill:#9198a1}.title{fill:#e6edf3}.ground{fill:#0d1117;stroke:#30363d}.grid{stroke:#30363d}.axis{stroke:#6e7681}"]


def colors_of(index):
    rule = "g.{0} path{{stroke:{1}}}g.{0} circle,text.{0}{{fill:{1}}}"
    return "\n".join([GROUND[index], *(rule.format(name, colors[index]) for name, colors in COLORS.items())])


def main():
    words = [word for word in sys.argv[1:] if word != "--write"]
    report = Report(json.loads(pathlib.Path(words[0] if words else HERE / "results.json").read_text()))
    report.figures()
    print("\n" + aligned([["bar", "limit", "figure", ""], *report.bars()]))
    if "--write" in sys.argv:
        CHART.write_text(report.chart())
        text = README.read_text()
        start = text.index("|  | save, ")
        README.write_text(text[:start] + report.table() + text[text.index("\n\n", start) + 1:])


if __name__ == "__main__":
    main()
