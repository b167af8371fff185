"""The parts of the independent reader by one name, for programs that write vaults."""

from read_vault import parts, read  # noqa: F401
from vault_crypto import Rejected, expand, key_pair, opened, siphash, xaes_key  # noqa: F401
from vault_header import data_key, parse_header, slot_mac, slot_secret, stretched  # noqa: F401
from vault_index import PREAMBLE, index_context, index_hash_key, index_text, keys  # noqa: F401
from vault_log import log_key  # noqa: F401
from vault_records import HISTORY, TEXTS, decoded  # noqa: F401
