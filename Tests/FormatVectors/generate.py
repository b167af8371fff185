#!/usr/bin/env python3
"""Writes the vectors of format 1 into a directory: generate.py DIRECTORY

Every byte depends on this program alone: it writes the same kit again. Needs `cryptography` 50 or later from PyPI.
"""

import sys
from pathlib import Path

import csv_vectors
import header_vectors
import index_vectors
import json_vectors
import log_vectors
import slot_vectors
import snapshot_vectors
from kit import Kit
from vector import Base

PARTS = (header_vectors, slot_vectors, snapshot_vectors, index_vectors, log_vectors, json_vectors, csv_vectors)
BASES = ("overview--large", "overview--large-csv")


def main():
    directory, kit = Path(sys.argv[1]), Kit()
    for part in PARTS:
        part.add(kit)
    bases = [Base(vector) for vector in kit.vectors if vector.name in BASES]
    for vector in kit.vectors:
        (directory / f"{vector.name}.txt").write_text(vector.text(bases), encoding="utf-8", newline="\n")
    print(f"{len(kit.vectors)} vectors, {sum(vector.fails() for vector in kit.vectors)} fail")


if __name__ == "__main__":
    main()
