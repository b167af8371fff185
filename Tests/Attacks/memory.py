"""This host remembers what it has seen: vaults that were swapped, removed, turned back or brought in, without a key."""

import json
import os
import stat

from attacks import attack
from host import copied, write

OTHER, BACK = "--accept-other-vault", "--accept-rollback"


def named_vault(host, name, token, saves=1):
    """A vault with a key of its own in the default place; `saves` generations with a record."""
    path = host.home / f"{name}.vault"
    host.must("init", "--quiet", "--vault", path)
    for number in range(saves):
        host.save("--vault", path, user_name="ann", access_token=token, scope=f"{number}")
    return path


def filled(host, saves):
    """The default vault at one generation for each token; its bytes after each save."""
    states = []
    for number in range(1, saves + 1):
        host.save(user_name="ann", access_token=f"token-{number}")
        states.append(host.vault.read_bytes())
    return states


def refuses_all(host, path, *options, says=()):
    """Every way to use the vault."""
    new = json.dumps({"user_name": "ann", "access_token": "new"})
    for arguments in (
        ["token", "--user", "ann"], ["token", "--user", "ann", "--min-ttl", "5m"], ["find", "--user", "ann"],
        ["list"], ["export", "--plaintext"], ["delete", "1"], ["compact"], ["convert", "--format", "csv"],
        ["refresh", "--all"], ["rotate", "--no-input"], ["key", "add", "--name", "b", "--key-file", host.home / "b"],
    ):  # fmt: skip
        host.refuses(10, *arguments, "--vault", path, *options, says=says)
    host.refuses(10, "save", "--vault", path, *options, input=new, says=says)
    host.refuses(10, "import", "-", "--vault", path, *options, input=new, says=says)


@attack
def a_vault_that_was_swapped_for_another_is_not_opened(host):
    prod, test = named_vault(host, "prod", "prod-token"), named_vault(host, "test", "test-token")
    keep = host.home / "keep"
    os.rename(prod, keep)
    os.rename(test, prod)
    os.rename(keep, test)
    for path in (prod, test):
        refuses_all(host, path, says=(OTHER,))
    host.refuses(10, "token", "--user", "ann", "--vault", prod, BACK)
    accepted = host.accepts("token", "--user", "ann", "--vault", prod, OTHER)
    host.check(accepted.output == "test-token\n", accepted)
    host.accepts("token", "--user", "ann", "--vault", prod)
    host.refuses(10, "token", "--user", "ann", "--vault", test)


@attack
def a_link_that_leads_to_another_vault_is_not_followed(host):
    prod, test = named_vault(host, "prod", "prod-token"), named_vault(host, "test", "test-token")
    link = host.home / "link"
    link.symlink_to(prod)
    host.must("token", "--user", "ann", "--vault", link)
    link.unlink()
    link.symlink_to(test)
    refuses_all(host, link, says=(OTHER,))
    host.accepts("token", "--user", "ann", "--vault", test)


@attack
def a_linked_directory_that_leads_to_another_vault_is_not_followed(host):
    places = {name: host.directory(host.home / name, 0o700) for name in ("prod", "test")}
    for name, place in places.items():
        host.must("init", "--quiet", "--vault", place / "v.vault")
        host.save("--vault", place / "v.vault", user_name="ann", access_token=f"{name}-token")
    link = host.home / "link"
    link.symlink_to(places["prod"])
    host.must("token", "--user", "ann", "--vault", link / "v.vault")
    link.unlink()
    link.symlink_to(places["test"])
    refuses_all(host, link / "v.vault", says=(OTHER,))


@attack
def a_vault_that_was_removed_is_not_made_anew(host):
    filled(host, 3)
    for path in list(host.vault.parent.iterdir()):
        path.unlink()
    new = json.dumps({"user_name": "ann", "access_token": "new"})
    keys = sorted((host.state / "keys").glob("*.key"))
    for option in ((), (BACK,)):
        host.refuses(10, "save", *option, input=new, says=(OTHER,))
        host.refuses(10, "import", "-", *option, input=new, says=(OTHER,))
        host.refuses(10, "init", *option, says=(OTHER,))
    host.refuses(9, "token", "--user", "ann")
    host.refuses(9, "list")
    host.check(sorted((host.state / "keys").glob("*.key")) == keys, "a key was made")
    host.accepts("save", OTHER, input=new)
    host.accepts("token", "--user", "ann")


@attack
def a_vault_that_was_removed_where_it_was_named_is_not_made_anew(host):
    prod = named_vault(host, "prod", "prod-token", saves=2)
    for path in (prod, prod.with_name("prod.vault.previous")):
        path.unlink()
    host.refuses(10, "init", "--vault", prod, says=(OTHER,))
    host.refuses(10, "init", "--vault", prod, BACK, "--key-file", host.home / "k")
    host.check(not (host.home / "k").exists(), "a key was made")
    host.refuses(9, "token", "--user", "ann", "--vault", prod)


@attack
def the_previous_snapshot_of_another_vault_is_not_restored(host):
    prod = named_vault(host, "prod", "prod-token", saves=2)
    test = named_vault(host, "test", "test-token", saves=2)
    previous = prod.with_name("prod.vault.previous")
    write(previous, test.with_name("test.vault.previous").read_bytes())
    # In the place of the records of one that is there, and of one that is not.
    for _ in range(2):
        for option in ((), (BACK,)):
            host.refuses((5, 10) if prod.exists() else 10, "restore", "--vault", prod, *option)
        prod.unlink(missing_ok=True)
    host.check(not prod.exists(), "the other vault was put there")


@attack
def a_memory_that_others_can_reach_still_counts(host):
    states = filled(host, 5)
    for mode in (0o644, 0o666, 0o640):
        host.check(host.memories(), "nothing is remembered")
        for path in host.memories():
            path.chmod(mode)
        write(host.vault, states[1])
        for _ in range(2):
            host.refuses(10, "token", "--user", "ann", says=(BACK,))
            host.refuses(10, "save", input='{"user_name":"ann","access_token":"new"}')
        host.refuses(10, "token", "--user", "ann", OTHER)
        write(host.vault, states[-1])
        host.accepts("token", "--user", "ann")
        modes = {stat.S_IMODE(path.stat().st_mode) for path in host.memories()}
        host.check(modes == {0o600}, f"the modes of what is remembered are {modes}")


@attack
def a_memory_that_others_can_read_still_names_the_store(host):
    prod, test = named_vault(host, "prod", "prod-token"), named_vault(host, "test", "test-token")
    for path in host.memories():
        path.chmod(0o644)
    write(prod, test.read_bytes())
    for _ in range(2):
        host.refuses(10, "token", "--user", "ann", "--vault", prod)


@attack
def an_older_vault_is_refused_wherever_it_lies(host):
    states = filled(host, 5)
    other = host.home / "other.vault"
    copied(host.vault, other)
    write(other, states[1])
    for option in ((), (OTHER,)):
        host.refuses(10, "token", "--user", "ann", "--vault", other, *option, says=(BACK,))


@attack
def what_lies_beside_the_key_is_not_the_only_memory(host):
    place = host.directory(host.home / "together", 0o700)
    vault, key = place / "v.vault", place / "key"
    options = ("--vault", vault, "--key-file", key)
    host.must("init", "--quiet", *options)
    states = []
    for number in range(4):
        host.save(*options, user_name="ann", access_token=f"token-{number}")
        states.append(vault.read_bytes())
    for path in list(place.iterdir()):
        if path not in (vault, key):
            path.unlink()
    write(vault, states[0])
    host.refuses(10, "token", "--user", "ann", *options, says=(BACK,))


@attack
def an_older_vault_is_no_newer_one_for_another_key(host):
    code = host.must("init", "--quiet", "--recovery").output.encode()
    second = host.home / "second"
    host.must("key", "add", "--name", "second", "--key-file", second)
    states = filled(host, 4)
    write(host.vault, states[0])
    host.refuses(10, "token", "--user", "ann", "--key-file", second)
    host.refuses(10, "token", "--user", "ann", "--recovery-fd", "3", secret=code)
    host.refuses(10, "token", "--user", "ann")


@attack
def a_restore_says_how_far_it_goes_back(host):
    states = filled(host, 10)
    previous = host.vault.with_name("tokens.vault.previous")
    newest = host.vault.read_bytes()
    # The vault is gone, older than its memory, or older together with its previous snapshot.
    for vault, older in ((None, states[2]), (states[3], states[2]), (states[2], states[1])):
        write(previous, older)
        host.vault.unlink() if vault is None else write(host.vault, vault)
        host.refuses(10, "restore", says=("behind", BACK))
        host.refuses(10, "restore", OTHER)
        for path in host.memories():
            path.chmod(0o644)
        host.refuses(10, "restore", says=("behind", BACK))
        write(host.vault, newest, like=previous)
    write(previous, states[2])
    host.vault.unlink()
    host.accepts("restore", BACK)


@attack
def an_older_vault_is_not_written(host):
    states = filled(host, 4)
    write(host.vault, states[1])
    for option in ((), (OTHER,)):
        refuses_all(host, host.vault, *option, says=(BACK,))
