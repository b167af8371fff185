"""The disks that a run measures on: D, below the directory that is named, and J, which `journaled-disk` makes."""

import contextlib, glob, os, pathlib, subprocess, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent


@contextlib.contextmanager
def journaled(directory, gigabytes, note):
    """Where J is mounted until the block ends; None, with a note, if it cannot be made."""
    # In a session of its own: an interrupt from the terminal ends the run first, and that ends its input.
    words = [HERE / "journaled-disk", directory, str(gigabytes)]
    process = subprocess.Popen(words, stdin=-1, stdout=-1, text=True, start_new_session=True)
    try:
        path = process.stdout.readline().strip()
        if not path:
            note("the disk J is left out: it needs root, loop devices and room for its file")
        yield path or None
    finally:
        process.stdin.close()
        process.wait()


@contextlib.contextmanager
def scratch(directory):
    """A directory there that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="benchmark-", dir=directory) as path:
        pathlib.Path(path, ".gitignore").write_text("*\n")
        yield path


def description(directory):
    """The file system, its device, and whether it has a journal: None if that cannot be told."""
    kind = subprocess.run(["df", "--output=fstype", directory], check=True, stdout=-1, text=True).stdout.split()[-1]
    device = os.stat(directory).st_dev
    name = os.path.basename(os.path.realpath(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}"))
    # The kernel lists each ext4 that writes a journal as DEVICE-INODE.
    has_journal = bool(glob.glob(f"/proc/fs/jbd2/{name}-*")) if kind == "ext4" else {"xfs": True, "tmpfs": False}.get(kind)
    return {"fileSystem": kind, "device": name, "journal": has_journal}


def is_noisy(directory):
    """If other processes synchronize the disk, its journal waits for them, and each fsync takes milliseconds."""
    times = []
    with tempfile.NamedTemporaryFile(dir=directory, buffering=0) as file:
        for _ in range(300):
            before = time.perf_counter()
            file.write(bytes(600))
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - before)
    return sorted(times)[150] > 2.5 * min(times)
