"""The disks that a run measures on: D, below the directory that is named, and J, which `journaled-disk` makes."""

import contextlib, glob, os, pathlib, subprocess

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


def description(directory):
    """The file system, its device, and whether it has a journal: None if that cannot be told."""
    kind = subprocess.run(["df", "--output=fstype", directory], check=True, stdout=-1, text=True).stdout.split()[-1]
    device = os.stat(directory).st_dev
    name = os.path.basename(os.path.realpath(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}"))
    # The kernel lists each ext4 that writes a journal as DEVICE-INODE.
    has_journal = bool(glob.glob(f"/proc/fs/jbd2/{name}-*")) if kind == "ext4" else {"xfs": True, "tmpfs": False}.get(kind)
    return {"fileSystem": kind, "device": name, "journal": has_journal}
