"""What brings a vault back asks what opening one asks: `restore` and `repair` are no way round the memory."""

import re
from dataclasses import replace

from attacks import attack
from host import write
from memory import BACK, OTHER, filled, named_vault
from slots import FORGED, Victim, planted
from vault_writer import Vault, reader


def damaged(data):
    """The vault with another length before its snapshot: all of it can be repaired."""
    size = reader.parse_header(data).size
    return data[: size + 7] + bytes([data[size + 7] ^ 1]) + data[size + 8 :]


def forgeries(victim):
    """After a rotation that kept the key: a vault of the attacker's own data key, and one of the old one."""
    old = victim.opened()
    authenticators = {slot.name: old.slot_authenticator(slot.name) for slot in old.slots}
    victim.host.must("rotate", "--keep-key", "--no-input")
    own = Vault.parse(victim.host.vault.read_bytes()).with_new_data_key()
    for slot in own.slots:
        own = own.with_slot(own.wrapped(slot, authenticators[slot.name]))
    return [own, old]


@attack
def a_restore_does_not_bring_a_forgery_in(host):
    victim = Victim(host)
    previous = host.vault.with_name("tokens.vault.previous")
    for forged in forgeries(victim):
        genuine = host.vault.read_bytes()
        generation = Vault.parse(genuine).generation
        for gone in (False, True):
            copy = replace(forged, generation=generation - 1 + gone).with_records(FORGED)
            write(previous, copy.bytes(), like=host.vault)
            if gone:
                host.vault.unlink()
            # That it is a copy from before a rotation is the user's to say, by --accept-rollback.
            for option in ((), (OTHER,)):
                host.refuses(10, "restore", *option, hides=["forged"])
                if host.vault.exists():
                    check_that_it_is_not_there(host)
        write(host.vault, genuine, like=previous)


def check_that_it_is_not_there(host):
    result = host.run("list", "--json", "--reveal")
    host.check("forged" not in result.output, f"the forgery is in the vault: {result}")


@attack
def a_repair_does_not_accept_a_forgery(host):
    victim = Victim(host)
    for forged in forgeries(victim):
        generation = Vault.parse(host.vault.read_bytes()).generation
        newer = replace(forged, generation=generation + 1).with_records(FORGED)
        genuine = host.vault.read_bytes()
        write(host.vault, damaged(newer.bytes()))
        for option in ((), (BACK,), (OTHER,)):
            host.refuses(10, "repair", *option, hides=["forged"])
        host.refuses((5, 10), "token", "--user", "ann", hides=["forged"])
        write(host.vault, genuine)


@attack
def a_repair_does_not_take_another_vault_or_an_older_one(host):
    prod, test = named_vault(host, "prod", "prod-token", saves=3), named_vault(host, "test", "test-token")
    genuine = prod.read_bytes()
    write(prod, damaged(test.read_bytes()))
    for option in ((), (BACK,)):
        host.refuses(10, "repair", "--vault", prod, *option)
    write(prod, genuine)
    states = filled(host, 4)
    write(host.vault, damaged(states[1]))
    # What is lost of a damaged vault is told, and so is what an older one does not have.
    result = host.run("repair")
    lost = re.search(r"([1-9]\d*) saves? lost", result.output + result.errors)
    host.check(result.status == 10 or lost, f"the older vault passes for the newest: {result}")


@attack
def a_repair_does_not_take_a_planted_slot_for_seen(host):
    victim = Victim(host)
    forged = planted(victim.opened(), "recovery")
    generation = Vault.parse(host.vault.read_bytes()).generation
    write(host.vault, damaged(replace(forged, generation=generation + 1).bytes()))
    if host.run("repair").status == 0:
        host.refuses(10, "rotate", "--no-input", says=("recovery",))
