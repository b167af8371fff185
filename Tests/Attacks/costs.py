"""What a header asks for is bounded before any work."""

import json
from dataclasses import replace

import vault_writer
from attacks import attack
from host import write
from vault_writer import Vault, with_header_line

MEGABYTE = 1 << 20


@attack
def a_header_does_not_ask_for_a_gigabyte(host):
    passphrase = b"a long passphrase of ann\n"
    host.must("init", "--quiet")
    host.must("key", "add", "--name", "ann", "--passphrase", "--new-passphrase-fd", "3", secret=passphrase)
    host.save(user_name="ann", access_token="genuine")
    usual = host.must("token", "--user", "ann")
    genuine = host.vault.read_bytes()
    vault = Vault.open(genuine, "key", host.key.read_bytes())
    new = json.dumps({"user_name": "ann", "access_token": "new"})
    for exponent in (20, 19):
        # From the header alone; and sealed, by an attacker who had the data key.
        costly = with_header_line(genuine, rb" scrypt:\d+:", b" scrypt:%d:" % exponent)
        slot = replace(vault.slot("ann"), derivation=f"scrypt:{exponent}:8:1:{bytes(16).hex()}")
        sealed = replace(vault.with_slot(slot), generation=vault.generation + 1).bytes()
        for data in (costly, sealed):
            write(host.vault, data)
            for options in (("--passphrase-fd", "3"), ()):
                for arguments in (["token", "--user", "ann"], ["list"], ["save"], ["rotate"], ["check"]):
                    result = host.refuses(
                        5, *arguments, "--no-input", *options, secret=passphrase, input=new, hides=("genuine",)
                    )
                    memory = result.memory - usual.memory
                    host.check(memory < 64 * MEGABYTE, f"it took {memory // MEGABYTE} MB more: {result}")
    write(host.vault, genuine)
    host.accepts("token", "--user", "ann", "--passphrase-fd", "3", secret=passphrase)


@attack
def a_planted_passphrase_slot_does_not_ask_for_a_gigabyte(host):
    host.save(user_name="ann", access_token="genuine")
    usual = host.must("token", "--user", "ann")
    vault = Vault.open(host.vault.read_bytes(), "key", host.key.read_bytes())
    slot = vault.slot_for("ann", "passphrase", bytes(32), vault.slot("default"))
    slot = replace(slot, derivation=f"scrypt:20:8:1:{bytes(16).hex()}")
    costly = replace(vault, generation=vault.generation + 1).with_slot(slot)
    write(host.vault, costly.bytes())
    passphrase = b"anything\n"
    for options in (("--passphrase-fd", "3"), ()):
        result = host.refuses(5, "token", "--user", "ann", "--no-input", *options, secret=passphrase)
        memory = result.memory - usual.memory
        host.check(memory < 64 * MEGABYTE, f"it took {memory // MEGABYTE} MB more: {result}")
    host.check(vault_writer.key_id(bytes(32)) == slot.key_id, "the slot is not the attacker's")


@attack
def many_passphrase_slots_cost_one_scrypt_each_and_no_more_memory(host):
    passphrase = b"a long passphrase of ann\n"
    host.must("init", "--quiet")
    host.must("key", "add", "--name", "ann", "--passphrase", "--new-passphrase-fd", "3", secret=passphrase)
    host.save(user_name="ann", access_token="genuine")
    usual = host.must("token", "--user", "ann", "--passphrase-fd", "3", secret=passphrase)
    vault = Vault.open(host.vault.read_bytes(), "key", host.key.read_bytes())
    for count, status in ((4, 4), (31, 5)):
        # In all 33 slots, one more than a header may have, cost nothing: the file is damaged before any work.
        planted = replace(vault, generation=vault.generation + 1)
        for number in range(count):
            secret = bytes([number + 1]) * 32
            slot = planted.slot_for(f"s{number}", "passphrase", secret, vault.slot("default"))
            planted = planted.with_slot(replace(slot, derivation=f"scrypt:18:8:1:{number:032x}"))
        write(host.vault, planted.bytes())
        result = host.refuses(status, "token", "--user", "ann", "--passphrase-fd", "3", secret=b"wrong\n")
        # One scrypt of N = 2^18 takes 256 MiB, that of a new passphrase 128.
        memory = result.memory - usual.memory
        host.check(memory < 192 * MEGABYTE, f"it took {memory // MEGABYTE} MB more: {result}")
