"""What another user puts into a directory in which everyone may make files: links, locks and copies."""

import os

from attacks import attack_of_another_user
from directories import ATTACKER, NEW, SHARED, VICTIM, given, made, victim


def sticky_directory(host):
    sticky = host.root / "sticky"
    sticky.mkdir()
    given(sticky, 0o1777, 0, 0)
    return sticky


@attack_of_another_user
def a_strangers_link_in_a_sticky_directory_is_not_followed(host):
    host = victim(host)
    sticky = sticky_directory(host)
    own = host.directory(host.home / "own", 0o700)
    vault, key = made(host, own)
    links = {"v.vault": vault, "directory": own, "key": key}
    for name, target in links.items():
        link = sticky / name
        link.symlink_to(target)
        os.lchown(link, ATTACKER, ATTACKER)
    for options in (
        ("--vault", sticky / "v.vault", "--key-file", key), ("--vault", sticky / "directory/v.vault", "--key-file", key),
        ("--vault", vault, "--key-file", sticky / "key"), ("--vault", vault, "--key-file", sticky / "directory/key"),
    ):  # fmt: skip
        for more in ((), (SHARED,)):
            for arguments in (["token", "--user", "ann"], ["save"], ["rotate", "--no-input"]):
                host.refuses(8, *arguments, *options, *more, input=NEW, unchanged=[vault, key], hides=["genuine"])
    host.refuses(8, "init", "--vault", sticky / "directory/new.vault", "--key-file", own / "k", unchanged=[vault])
    host.check(sorted(path.name for path in sticky.iterdir()) == sorted(links), f"{sorted(sticky.iterdir())}")
    host.check(not (own / "new.vault").exists() and not (own / "k").exists(), "a vault was made behind the link")
    # His own link, and one of root, are his and root's word.
    for owner in (VICTIM, 0):
        os.lchown(sticky / "v.vault", owner, owner)
        host.accepts("token", "--user", "ann", "--vault", sticky / "v.vault", "--key-file", key)


@attack_of_another_user
def what_a_stranger_puts_beside_a_vault_is_not_used(host):
    host = victim(host)
    sticky, own = sticky_directory(host), host.home / "own"
    vault, options = sticky / "v.vault", ("--vault", sticky / "v.vault", "--key-file", host.home / "key")
    host.must("init", "--quiet", *options)
    host.save(*options, user_name="ann", access_token="genuine")
    own.write_text("not to be written over")
    given(own, 0o600)
    for name in ("lock", "new", "previous"):
        for target in (None, own):
            plant(sticky / f"v.vault.{name}", target)
            for arguments in (["save"], ["rotate", "--no-input"], ["restore"], ["compact"]):
                result = host.run(*arguments, *options, input=NEW)
                host.check(own.read_text() == "not to be written over", f"it wrote through the link: {result}")
                host.check(os.lstat(vault).st_uid == VICTIM, f"the stranger's file is the vault: {result}")
                host.check(name != "lock" or result.status != 0, f"it took the stranger's lock: {result}")
            if name == "previous":
                plant(sticky / f"v.vault.{name}", target)
                host.refuses(8, "restore", *options, unchanged=[vault], hides=[str(own)])
                host.refuses(8, "check", *options, unchanged=[vault], hides=[str(own)])
            host.accepts("list", *options)


def plant(place, target):
    """Puts an empty file of the attacker there, which everyone can write, or his link to the target."""
    place.unlink(missing_ok=True)
    if target is None:
        place.write_bytes(b"")
        place.chmod(0o666)
    else:
        place.symlink_to(target)
    os.lchown(place, ATTACKER, ATTACKER)
