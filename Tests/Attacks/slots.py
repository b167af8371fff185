"""A planted slot does not survive a rotation, and a vault without this host's slot is none of its own.

The attacker has had the data key once, and can write the file. What he has then is the authenticators of all slots, and
so can wrap a data key for each of them, and put a public key of his own into one.
"""

from dataclasses import replace

import vault_writer
from attacks import attack
from host import write
from vault_writer import Vault, reader

FORGED = {"id": "1", "user_name": "ann", "access_token": "forged"}
OWN = bytes(range(32))  # A slot key of the attacker.


class Victim:
    """A vault with a slot of every kind, and what opens each."""

    def __init__(self, host):
        self.host = host
        self.code = host.must("init", "--quiet", "--recovery").output.encode()
        self.passphrase = b"a long passphrase of ann\n"
        self.second = host.home / "second"
        host.must("key", "add", "--name", "second", "--key-file", self.second)
        host.must("key", "add", "--name", "ann", "--passphrase", "--new-passphrase-fd", "3", secret=self.passphrase)
        host.save(user_name="ann", access_token="genuine")
        for options, secret in self.ways():
            host.must("token", "--user", "ann", *options, secret=secret)

    def ways(self):
        """The options that open the vault by each slot, and what is at descriptor 3 then."""
        return (
            ((), b""), (("--key-file", self.second), b""), (("--passphrase-fd", "3"), self.passphrase),
            (("--recovery-fd", "3"), self.code),
        )  # fmt: skip

    def opened(self):
        """The vault as it is, opened by the key file."""
        return Vault.open(self.host.vault.read_bytes(), "key", self.host.key.read_bytes())

    def put(self, vault):
        """Puts a vault of the attacker in the place of the host's, newer than that."""
        newer = Vault.parse(self.host.vault.read_bytes()).generation + 1
        write(self.host.vault, replace(vault, generation=newer).bytes())


def planted(vault, name, own=OWN):
    """The vault with the attacker's public key in a slot whose name, kind and dates stay."""
    slot = vault.slot(name)
    return vault.with_slot(vault.slot_for(name, slot.kind, own, slot))


def planted_public_key(vault, name, own=OWN):
    """The same, and the id of the slot's key stays, too."""
    slot = replace(vault.slot(name), public_key=vault_writer.public_key(own))
    return vault.with_slot(vault.wrapped(slot, vault_writer.authenticator(own)))


def added(vault, name, own=OWN):
    """The vault with one more slot, the attacker's."""
    return vault.with_slot(vault.slot_for(name, "recovery", own, vault.slot("recovery")))


def read_by(data, name, own=OWN):
    """What the attacker reads of the file by the slot that he has planted; None if that opens nothing."""
    vault = Vault.parse(data)
    slot = next((slot for slot in vault.slots if slot.name == name), None)
    if slot is None or slot.form != "hpke":
        return None
    try:
        pair, info = reader.key_pair(own), vault.context("slot hpke", name)
        inner = vault_writer.SUITE.decrypt(bytes.fromhex(slot.wrapped), pair, info)
        key = reader.opened(vault_writer.authenticator(own), vault.context("slot", name), inner)
        return Vault.open_by_data_key(data, key).plaintext
    except Exception:
        return None


def check_that_no_rotation_keeps(host, victim, name):
    """Two rotations, and what is done in between, must not wrap a new data key for the attacker."""
    host.check(read_by(host.vault.read_bytes(), name), "the attack is none: he cannot open his own slot")
    for arguments in (["token", "--user", "ann"], ["list"], ["check"], ["find", "--user", "ann"]):
        host.accepts(*arguments, says=("warning", name))
    host.check(name in host.accepts("key", "list").output, "key list does not show it")
    host.refuses(10, "rotate", "--no-input", says=(name, "key accept"))
    host.refuses(10, "rotate", "--no-input", "--keep-key", says=(name,))
    host.refuses(10, "rotate", "--no-input", "--dry-run", says=(name,))
    host.refuses(10, "rotate", "--no-input", "--accept-rollback", "--accept-other-vault")
    host.refuses(10, "rotate", "--no-input", "--keep-key", "--passphrase-fd", "3", secret=victim.passphrase)
    # Nothing that writes the vault in the meantime takes the slot for seen.
    host.accepts("save", input='{"user_name":"bob","access_token":"1"}', says=("warning", name))
    host.run("compact")
    host.run("key", "add", "--name", "third", "--key-file", host.home / "third")
    host.run("key", "remove", "third")
    host.run("convert", "--format", "csv")
    host.run("restore")
    for _ in range(2):
        host.refuses(10, "rotate", "--no-input", says=(name,))
        host.save(user_name="ann", access_token="written-afterwards")
    host.accepts("rotate", "--no-input", "--drop-other-slots")
    host.save(user_name="ann", access_token="written-after-the-rotation")
    host.check(read_by(host.vault.read_bytes(), name) is None, "the attacker reads what was written afterwards")
    host.check(name not in [slot.name for slot in Vault.parse(host.vault.read_bytes()).slots], "his slot is there")
    host.accepts("rotate", "--no-input")


@attack
def a_planted_recovery_slot_does_not_survive_a_rotation(host):
    victim = Victim(host)
    victim.put(planted(victim.opened(), "recovery"))
    check_that_no_rotation_keeps(host, victim, "recovery")


@attack
def a_planted_public_key_does_not_survive_a_rotation(host):
    victim = Victim(host)
    victim.put(planted_public_key(victim.opened(), "recovery"))
    check_that_no_rotation_keeps(host, victim, "recovery")


@attack
def an_added_slot_does_not_survive_a_rotation(host):
    victim = Victim(host)
    victim.put(added(victim.opened(), "spare"))
    check_that_no_rotation_keeps(host, victim, "spare")


@attack
def a_planted_slot_is_accepted_by_word_alone(host):
    victim = Victim(host)
    victim.put(planted(victim.opened(), "recovery"))
    own = vault_writer.public_key(OWN)
    host.accepts("key", "accept")
    host.check(Vault.parse(host.vault.read_bytes()).slot("recovery").public_key == own, "the slot is gone")
    result = host.accepts("token", "--user", "ann")
    host.check("warning" not in result.errors, f"it was accepted: {result}")
    host.accepts("rotate", "--no-input")
    # Not for another one.
    victim.put(planted(victim.opened(), "second", OWN[::-1]))
    host.refuses(10, "rotate", "--no-input", says=("second",))
    host.accepts("rotate", "--no-input", "--accept-slots")
    host.accepts("rotate", "--no-input")


@attack
def a_repair_of_a_lost_snapshot_does_not_bring_a_planted_slot_in(host):
    """From the file alone: the digest is right, and the snapshot that is bound to the header is lost."""
    victim = Victim(host)
    genuine = host.vault.read_bytes()
    own = vault_writer.public_key(OWN).encode()
    for pattern, planted_line in (
        (vault_writer.public_key_of(genuine, "recovery"), own),
        (rb"^slot ann .*\n", b""),
        (rb"^slot second ", b"slot sec0nd "),
    ):
        forged = vault_writer.with_header_line(genuine, pattern, planted_line)
        for data in (forged, forged[:-1] + bytes([forged[-1] ^ 1]), forged[: len(forged) - 40]):
            write(host.vault, data)
            for options, secret in victim.ways()[:1] + victim.ways()[3:]:
                for arguments in (["repair"], ["repair", "--policy", "none"], ["token", "--user", "ann"], ["rotate"]):
                    host.refuses(5, *arguments, "--no-input", *options, secret=secret)
            host.check(host.vault.read_bytes() == data, "the file was changed")
    write(host.vault, genuine)
    host.accepts("rotate", "--no-input")


@attack
def a_restore_does_not_bring_a_planted_slot_in(host):
    victim = Victim(host)
    forged = planted(victim.opened(), "recovery")
    write(host.vault.with_name("tokens.vault.previous"), forged.bytes())
    host.vault.unlink()
    if host.run("restore").status == 0:
        host.refuses(10, "rotate", "--no-input", says=("recovery",))


@attack
def a_vault_without_this_hosts_slot_is_not_opened_by_another(host):
    victim = Victim(host)
    vault = victim.opened()
    authenticators = {slot.name: vault.slot_authenticator(slot.name) for slot in vault.slots}
    for name in ("recovery", "ann", "second"):
        forged = vault.with_new_data_key()
        slot = forged.wrapped(forged.slot(name), authenticators[name])
        for slots in ((slot,), (forged.slot_for("default", "key", OWN, slot), slot)):
            victim.put(replace(forged, slots=slots).with_records(FORGED))
            check_that_it_is_not_accepted(host, victim)


@attack
def this_hosts_slot_does_not_go_unseen(host):
    victim = Victim(host)
    vault = victim.opened()
    slots = tuple(slot for slot in vault.slots if slot.name != "default")
    victim.put(replace(vault, slots=slots).with_records(FORGED))
    check_that_it_is_not_accepted(host, victim, all_ways=False)


def check_that_it_is_not_accepted(host, victim, all_ways=True):
    """Neither by the way that is tried unasked, which must not lead to another, nor by any other."""
    for options, secret in victim.ways() if all_ways else [((), b"")]:
        result = host.refuses(10, "token", "--user", "ann", "--no-input", *options, secret=secret, hides=["forged"])
        host.check("--recovery-fd" not in result.errors, f"the hint leads to the forgery: {result}")
        host.refuses(10, "save", "--no-input", *options, secret=secret, input='{"user_name":"ann","access_token":"2"}')


@attack
def an_old_data_key_does_not_forge_after_a_rotation_that_kept_the_key(host):
    victim = Victim(host)
    old = victim.opened()
    authenticators = {slot.name: old.slot_authenticator(slot.name) for slot in old.slots}
    host.must("rotate", "--keep-key", "--no-input")
    new = Vault.parse(host.vault.read_bytes())
    for data_key_id in (None, new.data_key_id, old.data_key_id):
        forged = new.with_new_data_key(data_key_id)
        for slot in new.slots:
            forged = forged.with_slot(forged.wrapped(slot, authenticators[slot.name]))
        check_that_it_is_no_newer_vault(host, victim, forged)


@attack
def an_old_header_does_not_come_back_after_a_rotation_that_kept_the_key(host):
    victim = Victim(host)
    # It wraps the old data key for each key file, by `sealed`.
    old = victim.opened()
    host.must("rotate", "--keep-key", "--no-input")
    new = Vault.parse(host.vault.read_bytes())
    for forged in (old, replace(old, data_key_made=new.data_key_made)):
        check_that_it_is_no_newer_vault(host, victim, forged)


def check_that_it_is_no_newer_vault(host, victim, forged):
    victim.put(forged.with_records(FORGED))
    for options, secret in victim.ways():
        host.refuses(10, "token", "--user", "ann", "--no-input", *options, secret=secret, hides=["forged"])
        host.refuses(10, "rotate", "--keep-key", "--no-input", *options, secret=secret)
