"""Finds one record of a vault by the index, and verifies what it returns and no more: from FileFormat alone."""

import bisect
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from read_vault import Image, read
from vault_crypto import Rejected, expand, must, refusing, siphash
from vault_index import index_context, index_hash_key, index_size, start_of_records
from vault_records import decoded


CHUNK = 16384


class Chunks:
    """A sealed message, whose chunks open one by one."""

    def __init__(self, key, context, message):
        body = len(message) - 56
        must(body >= 16 and body % (CHUNK + 16) >= 16, "a message of an impossible length")
        info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + message[:24] + context
        derived = expand(key, info, 76)
        must(hmac.compare_digest(derived[44:], message[24:56]), "another commitment")
        self.message, self.cipher, self.base = message, AESGCM(derived[:32]), int.from_bytes(derived[32:44], "big")
        self.count = body // (CHUNK + 16) + 1
        self.size = body - 16 * self.count
        self.texts = {}

    def chunk(self, number):
        must(0 <= number < self.count, "behind the end")
        if number not in self.texts:
            start = 56 + number * (CHUNK + 16)
            nonce = (self.base ^ number).to_bytes(12, "big")
            try:
                text = self.cipher.decrypt(nonce, self.message[start : start + CHUNK + 16], None)
            except InvalidTag as error:
                raise Rejected("a chunk does not open") from error
            self.texts[number] = text
        return self.texts[number]

    def __getitem__(self, part):
        """Some bytes of the plaintext."""
        numbers = range(part.start // CHUNK, (part.stop - 1) // CHUNK + 1)
        text = b"".join(self.chunk(number) for number in numbers)
        return text[part.start - numbers.start * CHUNK :][: part.stop - part.start]

    def row(self, place, record_format):
        """The record, or the row of CSV, that begins at a place."""
        end = (place // CHUNK + 1) * CHUNK
        while True:
            text = self[place : min(end, self.size)]
            lines = text.split(b"\n")
            for count in range(1, len(lines)):
                row = b"\n".join(lines[:count]) + b"\n"
                if record_format == "json" or row.count(b'"') % 2 == 0:
                    return row
            must(end < self.size, "no row there")
            end += CHUNK


class Index:
    """The entries of an index, which opens their chunks as they are read."""

    def __init__(self, chunks, text_size):
        self.chunks = chunks
        must(chunks.size == index_size(chunks.chunk(0), text_size), "an index of another size")
        self.count = int.from_bytes(chunks[8:16], "big")
        self.width = 4 + max(4, (text_size.bit_length() + 7) // 8)

    def __len__(self):
        return self.count

    def __getitem__(self, place):
        start = 24 + place * self.width
        entry = self.chunks[start : start + self.width]
        return int.from_bytes(entry[:4], "big"), int.from_bytes(entry[4:], "big")

    def offsets(self, digest):
        """Where the records may be whose key has this hash: begins where the hash must be."""
        chunk = (24 + self.count * digest // 2**32 * self.width) // CHUNK
        low, high = self._within(chunk)
        while low > 0 and low < high and self[low][0] >= digest:
            chunk -= 1
            low = self._within(chunk)[0]
        while high < self.count and self[high - 1][0] < digest:
            chunk += 1
            high = self._within(chunk)[1]
        place = bisect.bisect_left(self, digest, low, high, key=lambda entry: entry[0])
        while place < self.count and self[place][0] == digest:
            yield self[place][1]
            place += 1

    def _within(self, chunk):
        """The entries that lie in a chunk as a whole."""
        first = -(-max(0, chunk * CHUNK - 24) // self.width)
        return first, min(self.count, ((chunk + 1) * CHUNK - 24) // self.width)


def find(vault, kind, content, record_id, seen=0):
    """The record with an id, or None."""
    image = Image(vault, kind, content)
    if not image.is_large:
        records = read(vault, kind, content, seen)
    else:
        next_id, records = records_of_snapshot(image, record_id)
        records = image.apply_log(records, next_id, seen)
    return next((record for record in records if record["id"] == record_id), None)


def records_of_snapshot(image, record_id):
    """The next id, and the record of a large snapshot with this id, if there is one."""
    header, store = image.header, image.header.store
    with refusing("damaged-snapshot"):
        context = b"tokenvault/1 snapshot\n" + image.vault[: header.size]
        snapshot = Chunks(image.key, context, image.vault[image.start : image.end])
    with refusing("damaged-index"):
        message = image.vault[image.end : image.index_end]
        index = Index(Chunks(image.key, index_context(store, image.salt), message), snapshot.size)
        hash_key = index_hash_key(image.key, store, image.salt)
        offsets = list(index.offsets(siphash(hash_key, b"\0" + record_id.encode()) >> 32))
    with refusing("damaged-snapshot"):
        start = snapshot.chunk(0)
    with refusing("invalid-records"):
        next_id, place = start_of_records(start)
    with refusing("damaged-snapshot"):
        names = snapshot.row(place, "csv") if header.format == "csv" else b""
        found = [snapshot.row(offset, header.format) for offset in offsets]
    with refusing("invalid-records"):
        records = [record for row in found for record in decoded(names + row, header.format)]
        return next_id, [record for record in records if record["id"] == record_id]
