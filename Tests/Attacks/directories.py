"""Directories of other users: a file counts for nothing if another user can put one of his own in its place.

The victim and the attacker are real users, so these need root.
"""

import json
import os
import pwd
import stat

from attacks import attack_of_another_user
from host import Host

VICTIM, ATTACKER = 54001, 54002
SHARED = "--allow-shared-directory"
NEW = json.dumps({"user_name": "ann", "access_token": "new"})


def victim(host):
    """The same machine, with the victim's home and rights."""
    root = host.root / "victim"
    root.mkdir()
    root.chmod(0o755)
    other = Host(root, host.command, VICTIM)
    other.failures = host.failures
    return other


def made(host, place):
    """A vault and its key in a directory that is the victim's own until then."""
    vault, key = place / "v.vault", place / "key"
    host.must("init", "--quiet", "--vault", vault, "--key-file", key)
    host.save("--vault", vault, "--key-file", key, user_name="ann", access_token="genuine")
    return vault, key


def given(path, mode, owner=None, group=None):
    os.chown(path, VICTIM if owner is None else owner, VICTIM if group is None else group)
    path.chmod(mode)


def tree(path):
    """The names below, and what they are: what another user's directory must keep being."""
    return {
        (found, os.lstat(found).st_uid, oct(os.lstat(found).st_mode), os.lstat(found).st_ino)
        for found in [path, *path.rglob("*")]
    }


UNSAFE = {
    "another user's": (0o755, ATTACKER, ATTACKER), "another user's, with our group": (0o775, ATTACKER, VICTIM),
    "of a group": (0o775, VICTIM, ATTACKER), "for all": (0o777, VICTIM, VICTIM),
}  # fmt: skip
SAFE = {
    "our own": (0o700, VICTIM, VICTIM), "for all to read": (0o755, VICTIM, VICTIM),
    "sticky": (0o1777, 0, 0), "root's": (0o755, 0, 0),
}  # fmt: skip


def refuses_everything(host, options, unchanged, says=()):
    before = tree(unchanged[0].parent)
    for arguments in (
        ["token", "--user", "ann"], ["find", "--user", "ann"], ["list"], ["check"], ["rotate"], ["compact"],
        ["delete", "1"], ["save"], ["import", "-"], ["export", "--plaintext"],
    ):  # fmt: skip
        host.refuses(8, *arguments, "--no-input", *options, input=NEW, unchanged=unchanged, says=says, hides=["genuine"])
    host.check(tree(unchanged[0].parent) == before, f"something was made in {unchanged[0].parent}")


@attack_of_another_user
def a_vault_in_a_directory_that_others_can_write_is_refused(host):
    host = victim(host)
    for name, (mode, owner, group) in UNSAFE.items():
        place = host.directory(host.root / name.replace(" ", "-"), 0o700)
        own = host.directory(host.home / name.replace(" ", "-"), 0o700)
        vault, key = made(host, place)
        kept = own / "key"
        os.rename(key, kept)
        given(place, mode, owner, group)
        options = ("--vault", vault, "--key-file", kept)
        refuses_everything(host, options, [vault], says=[str(place)])
        accepted = host.accepts("token", "--user", "ann", *options, SHARED, says=("warning", str(place)))
        host.check(accepted.output == "genuine\n", accepted)
        status = host.accepts("status", *options, SHARED)
        host.check(str(place) in status.output, f"status does not tell it: {status}")


@attack_of_another_user
def a_vault_below_a_directory_that_others_can_write_is_refused(host):
    host = victim(host)
    for name, (mode, owner, group) in UNSAFE.items():
        above = host.directory(host.root / name.replace(" ", "-"), 0o700)
        place = host.directory(host.directory(above / "between", 0o755) / "ours", 0o700)
        vault, key = made(host, place)
        kept = host.home / f"key of {name}"
        os.rename(key, kept)
        given(above, mode, owner, group)
        refuses_everything(host, ("--vault", vault, "--key-file", kept), [vault], says=[str(above)])


@attack_of_another_user
def a_key_in_a_directory_that_others_can_write_is_refused(host):
    host = victim(host)
    for name, (mode, owner, group) in UNSAFE.items():
        place = host.directory(host.root / name.replace(" ", "-"), 0o700)
        vault, key = made(host, place)
        kept = host.directory(host.home / name.replace(" ", "-"), 0o700) / "v.vault"
        os.rename(vault, kept)
        given(place, mode, owner, group)
        options = ("--vault", kept, "--key-file", key)
        refuses_everything(host, options, [kept, key], says=[str(place)])
        # What is said of the vault's directory is not said of the key's.
        host.refuses(8, "token", "--user", "ann", *options, SHARED, unchanged=[kept, key])


@attack_of_another_user
def a_state_directory_that_others_can_write_is_refused(host):
    host = victim(host)
    for name, (mode, owner, group) in UNSAFE.items():
        state = host.directory(host.root / name.replace(" ", "-"), 0o700)
        host.variables = {"XDG_STATE_HOME": str(state), "XDG_DATA_HOME": str(host.directory(host.home / name, 0o700))}
        vault = host.home / name / "tokenvault/tokens.vault"
        host.save(user_name="ann", access_token="genuine")
        given(state, mode, owner, group)
        refuses_everything(host, (), [vault], says=[str(state)])
        host.refuses(8, "token", "--user", "ann", SHARED, unchanged=[vault])


@attack_of_another_user
def a_vault_in_a_directory_that_only_its_user_can_write_is_opened(host):
    host = victim(host)
    for name, (mode, owner, group) in SAFE.items():
        place = host.directory(host.root / name.replace(" ", "-").replace("'", ""), 0o700)
        vault, key = made(host, place)
        given(place, mode, owner, group)
        accepted = host.accepts("token", "--user", "ann", "--vault", vault, "--key-file", key)
        host.check("warning" not in accepted.errors, accepted)


@attack_of_another_user
def a_name_without_a_directory_is_looked_for_in_a_safe_one(host):
    host = victim(host)
    place = host.directory(host.root / "place", 0o700)
    vault, key = made(host, place)
    kept = host.home / "key"
    os.rename(key, kept)
    given(place, 0o755, ATTACKER, ATTACKER)
    host.cwd, before = place, tree(place)
    for name in ("v.vault", "./v.vault", "../place/v.vault"):
        options = ("--vault", name, "--key-file", kept)
        host.refuses(8, "token", "--user", "ann", *options, unchanged=[vault], hides=["genuine"])
    host.refuses(8, "init", "--vault", "new.vault", "--key-file", host.home / "k", unchanged=[vault])
    host.check(tree(place) == before, f"something was made in {place}")


@attack_of_another_user
def a_private_group_of_the_user_does_not_count_as_others(host):
    account = pwd.getpwnam("daemon")
    host.user = account.pw_uid
    os.chown(host.home, host.user, host.user)
    place = host.directory(host.root / "place", 0o700)
    vault, key = made(host, place)
    for group, status in ((account.pw_gid, 0), (ATTACKER, 8)):
        given(place, 0o775, host.user, group)
        result = host.run("token", "--user", "ann", "--vault", vault, "--key-file", key)
        host.check(result.status == status, f"wanted exit {status} for group {group}: {result}")


@attack_of_another_user
def root_makes_nothing_in_the_home_of_another_user(host):
    user = victim(host)
    # As `sudo` does that keeps HOME.
    host.variables = {"HOME": str(user.home)}
    before = tree(user.home)
    for arguments in (["save"], ["init"], ["import", "-"]):
        result = host.refuses(8, *arguments, input=NEW, unchanged=[user.vault], hides=["chown"])
        host.check(tree(user.home) == before, f"something was made in his home: {result}")
        host.check("--vault" in result.errors and "XDG_" in result.errors, f"the other way is not named: {result}")
    place = user.directory(user.root / "place", 0o755)
    own = host.directory(host.root / "roots", 0o700)
    host.variables = {}
    for options in (
        ("--vault", place / "v.vault", "--key-file", own / "key"), ("--vault", own / "v.vault", "--key-file", place / "key")
    ):  # fmt: skip
        before = tree(place)
        host.refuses(8, "init", *options, unchanged=[place / "v.vault"], hides=["chown"])
        host.check(tree(place) == before, f"something was made in {place}")
    # And he can go on by himself.
    user.accepts("save", input=NEW)
    host.check({os.lstat(path).st_uid for path in user.home.rglob("*")} == {VICTIM}, "not all is his")


@attack_of_another_user
def root_does_not_take_the_vault_of_another_user(host):
    user = victim(host)
    user.save(user_name="ann", access_token="genuine")
    before = tree(user.home)
    host.variables = {"HOME": str(user.home)}
    for arguments in (["token", "--user", "ann"], ["save"], ["rotate", "--no-input"]):
        host.refuses(8, *arguments, input=NEW, unchanged=[user.vault], hides=["chown", "genuine"])
    host.check(tree(user.home) == before, "something of his was changed")
    user.accepts("token", "--user", "ann")


@attack_of_another_user
def the_hint_for_another_users_vault_is_to_be_that_user(host):
    user = victim(host)
    account = pwd.getpwnam("nobody")
    place = user.directory(user.root / "place", 0o755)
    vault, key = made(user, place)
    options = ("--vault", vault, "--key-file", key)
    token = ("token", "--user", "ann", *options)
    os.chown(vault, account.pw_uid, account.pw_gid)
    user.refuses(8, *token, unchanged=[vault], hides=["chown"], says=["sudo -u nobody"])
    host.refuses(8, *token, unchanged=[vault], hides=["chown"], says=["sudo -u"])
    os.chown(vault, VICTIM, VICTIM)
    os.chown(key, account.pw_uid, account.pw_gid)
    user.refuses((4, 8), *token, unchanged=[vault], hides=["chown"])
    for path in (vault, place):
        os.chown(path, account.pw_uid, account.pw_gid)
    user.refuses(8, *token, unchanged=[vault], hides=["chown"])
    host.refuses(8, *token, unchanged=[vault], hides=["chown"], says=["sudo -u nobody"])


@attack_of_another_user
def a_directory_that_bars_the_way_is_named_with_its_owner(host):
    user = victim(host)
    place = user.directory(user.root / "place", 0o755)
    closed = user.directory(place / "closed", 0o755)
    vault, key = made(user, closed)
    given(closed, 0o700, 0, 0)
    result = user.refuses((1, 8), "token", "--user", "ann", "--vault", vault, "--key-file", key, unchanged=[vault])
    host.check(f"'{closed}'" in result.errors and "root" in result.errors, f"it is not named: {result}")
    host.check(stat.S_IMODE(closed.stat().st_mode) == 0o700, "the mode was changed")
