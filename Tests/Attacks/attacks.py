"""The attacks by their names; the modules that have them register them here."""

ATTACKS = {}


def attack(function):
    """Registers an attack, which gets a host and notes there what got through."""
    ATTACKS[function.__name__.replace("_", "-")] = function
    return function


def attack_of_another_user(function):
    """Registers an attack by another user of the machine, whom only root can be."""
    function.needs_root = True
    return attack(function)
