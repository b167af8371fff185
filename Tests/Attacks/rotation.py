"""After one plain rotation by the key file, the old data key is worth nothing.

An attacker who had it and the old header, and can write the file, can neither read what is written afterwards nor make a vault
that this host accepts: by no slot of any kind.
"""

from dataclasses import replace

import vault_writer
from attacks import attack
from slots import FORGED, Victim
from vault_writer import Vault, reader


class Attacker:
    """What he has: the old vault, opened; the authenticators that it seals; and the file as it is now.

    He forges for the slot of this name.
    """

    def __init__(self, host, victim, name):
        self.name = name
        self.old = victim.opened()
        self.authenticators = {slot.name: self.old.slot_authenticator(slot.name) for slot in self.old.slots}
        self.host, self.victim = host, victim

    @property
    def data(self):
        return self.host.vault.read_bytes()

    def reads(self):
        """Whether anything that he has opens the file, or a data key in it."""
        new = Vault.parse(self.data)
        keys = [self.old.data_key, *self.authenticators.values()]
        for key in keys:
            if opens(lambda: Vault.open_by_data_key(self.data, key)):
                return "the snapshot"
            for slot in new.slots:
                for message, what in ((slot.authenticator, "slot authenticator sealed"), (slot.wrapped, "slot")):
                    context = new.context(what, slot.name)
                    if opens(lambda: reader.opened(key, context, bytes.fromhex(message))):
                        return f"{what} of {slot.name}"
                    # As a slot key, and as what a key pair is made of.
                    if opens(lambda: vault_writer.SUITE.decrypt(
                            bytes.fromhex(slot.wrapped), reader.key_pair(key), new.context("slot hpke", slot.name))):
                        return f"the wrapped key of {slot.name}"  # fmt: skip
        return None

    def forgeries(self):
        """Every vault that he can make with a data key of his own, or the old one in the new header's slots."""
        new = Vault.parse(self.data)
        for header in (new, self.old):
            for data_key_id in (None, new.data_key_id, self.old.data_key_id):
                own = header.with_new_data_key(data_key_id)
                yield self.wrapped_for_all(own)
                # The others are as they were, or not there.
                slot = own.wrapped(own.slot(self.name), self.authenticators[self.name])
                yield own.with_slot(slot)
                yield replace(own, slots=(slot,))
        yield self.wrapped_for_all(replace(new, data_key=self.old.data_key))
        yield self.wrapped_for_all(replace(new, data_key=self.old.data_key, data_key_id=self.old.data_key_id))

    def old_headers(self):
        """The old data key, which the old header wraps for every slot: for a key file by `sealed`."""
        new = Vault.parse(self.data)
        yield self.old
        yield replace(self.old, data_key_made=new.data_key_made)
        kept = tuple(new.slot(slot.name) if slot.name != self.name else slot for slot in self.old.slots)
        yield replace(self.old, slots=kept)

    def wrapped_for_all(self, vault):
        for name, authenticator in self.authenticators.items():
            vault = vault.with_slot(vault.wrapped(vault.slot(name), authenticator))
        return vault


def opens(attempt):
    try:
        attempt()
        return True
    except Exception:
        return False


SLOTS = ("default", "second", "ann", "recovery")


def check_that_the_old_data_key_is_worth_nothing(host, way, forgeries=Attacker.forgeries):
    """By this of the victim's ways: 0 is the key file, by which the rotation was made."""
    victim = Victim(host)
    attacker = Attacker(host, victim, SLOTS[way])
    host.check(attacker.reads(), "the attack is none: he cannot read the old vault")
    host.must("rotate", "--no-input")
    host.save(user_name="ann", access_token="written-afterwards")
    host.check(not attacker.reads(), f"the attacker opens {attacker.reads()}")
    options, secret = victim.ways()[way]
    genuine = host.vault.read_bytes()
    for forgery in list(forgeries(attacker)):
        victim.put(forgery.with_records(FORGED))
        # A slot that his forgery does not open is damage or another key: no less a refusal.
        host.refuses((4, 5, 10), "token", "--user", "ann", "--no-input", *options, secret=secret, hides=["forged"])
    host.vault.write_bytes(genuine)
    accepted = host.accepts("token", "--user", "ann", *options, secret=secret)
    host.check(accepted.output == "written-afterwards\n", accepted)


@attack
def after_a_rotation_the_old_data_key_is_worth_nothing_to_the_key_file(host):
    check_that_the_old_data_key_is_worth_nothing(host, 0)


@attack
def after_a_rotation_the_old_data_key_is_worth_nothing_to_another_key_file(host):
    check_that_the_old_data_key_is_worth_nothing(host, 1)


@attack
def after_a_rotation_the_old_data_key_is_worth_nothing_to_a_passphrase(host):
    check_that_the_old_data_key_is_worth_nothing(host, 2)


@attack
def after_a_rotation_the_old_data_key_is_worth_nothing_to_a_recovery_code(host):
    check_that_the_old_data_key_is_worth_nothing(host, 3)


@attack
def after_a_rotation_the_old_header_is_worth_nothing_to_the_key_file(host):
    check_that_the_old_data_key_is_worth_nothing(host, 0, Attacker.old_headers)


@attack
def after_a_rotation_the_old_header_is_worth_nothing_to_another_key_file(host):
    check_that_the_old_data_key_is_worth_nothing(host, 1, Attacker.old_headers)


@attack
def after_a_rotation_the_old_header_is_worth_nothing_to_a_passphrase(host):
    check_that_the_old_data_key_is_worth_nothing(host, 2, Attacker.old_headers)


@attack
def after_a_rotation_the_old_header_is_worth_nothing_to_a_recovery_code(host):
    check_that_the_old_data_key_is_worth_nothing(host, 3, Attacker.old_headers)
