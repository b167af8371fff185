"""A generation that this host has seen with other content: two hosts have each written one, from one before."""

import json
import shutil

from attacks import attack
from host import Host, write
from memory import BACK, OTHER, filled, refuses_all


def twin(host):
    """Another host with the same vault, key and memory."""
    other = Host(host.directory(host.root / "twin", 0o700), host.command)
    shutil.rmtree(other.home)
    shutil.copytree(host.home, other.home)
    return other


@attack
def an_equal_generation_with_other_content_is_not_opened(host):
    filled(host, 3)
    other = twin(host)
    host.save(user_name="ann", access_token="ours")
    other.save(user_name="ann", access_token="theirs")
    swap_equal(host, other)


@attack
def an_equal_generation_of_a_large_vault_is_not_opened(host):
    records = [{"user_name": f"user-{n}", "access_token": f"{n}", "scope": "s" * 150} for n in range(600)]
    host.must("save", input=json.dumps(records))
    host.save(user_name="ann", access_token="first")
    other = twin(host)
    host.save(user_name="ann", access_token="ours")
    other.save(user_name="ann", access_token="theirs")
    both = host.vault.read_bytes(), other.vault.read_bytes()
    host.check(min(map(len, both)) > 65536 and both[0][:65536] == both[1][:65536], "no commits")
    swap_equal(host, other)


def swap_equal(host, other):
    ours, theirs = host.vault.read_bytes(), other.vault.read_bytes()
    write(host.vault, theirs)
    for option in ((), (OTHER,)):
        refuses_all(host, host.vault, *option, says=(BACK,))
    accepted = host.accepts("token", "--user", "ann", BACK)
    host.check(accepted.output == "theirs\n", accepted)
    # And the other way: what was accepted is what is remembered now.
    write(host.vault, ours)
    host.refuses(10, "token", "--user", "ann")
