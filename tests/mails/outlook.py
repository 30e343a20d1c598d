"""The least of an Outlook message: a compound file ([MS-CFB] 3) with the properties of a mail in it ([MS-OXMSG] 2)."""

import struct

SECTOR, SMALL = 512, 64
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
TEXT, BYTES = 0x001F, 0x0102


def message(values: dict[int, str], html: bytes = b"", files: dict[str, bytes] | None = None) -> bytes:
    """`values`: texts by property, such as 0x1000 for the body; `files`: attachments by name."""
    tree = _storage(
        values, {0x1013: html} if html else {}, 32, struct.pack("<8xIIII8x", 0, len(files or {}), 0, len(files or {}))
    )
    for number, (name, content) in enumerate((files or {}).items()):
        inner = _storage({0x3707: name, 0x3704: name}, {0x3701: content}, 8, bytes(8), {0x37050003: 1})
        tree[f"__attach_version1.0_#{number:08X}"] = inner
    tree["__nameid_version1.0"] = {f"__substg1.0_{tag:04X}0102": b"" for tag in (2, 3, 4)}
    return compound(tree)


def _storage(texts, binaries, size, head, numbers=None):
    tree, rows = {}, head[:size].ljust(size, b"\0")
    for kind, given in ((TEXT, {key: text.encode("utf-16-le") for key, text in texts.items()}), (BYTES, binaries)):
        for key, content in given.items():
            tree[f"__substg1.0_{key:04X}{kind:04X}"] = content
            rows += struct.pack("<IIII", key << 16 | kind, 6, len(content) + (2 if kind == TEXT else 0), 0)
    for tag, number in (numbers or {}).items():
        rows += struct.pack("<IIII", tag, 6, number, 0)
    tree["__properties_version1.0"] = rows
    return tree


def compound(tree: dict) -> bytes:
    """Lay out storages (dicts) and streams (bytes) as a compound file of version 3."""
    entries, streams = [["Root Entry", 5, FREE, FREE, END, 0]], []

    def add(parts: dict) -> int:
        """Siblings as a chain to the right, in the order of the format: by length, then by capitals."""
        first, last = FREE, None
        for name in sorted(parts, key=lambda one: (len(one), one.upper())):
            number = len(entries)
            entries.append([name, 1 if isinstance(parts[name], dict) else 2, FREE, FREE, 0, 0])
            if last is None:
                first = number
            else:
                entries[last][2] = number
            last = number
            if isinstance(parts[name], dict):
                entries[number][3] = add(parts[name])
            else:
                streams.append((number, parts[name]))
        return first

    entries[0][3] = add(tree)
    mini, chain, large = b"", [], []
    for number, content in streams:
        entries[number][5] = len(content)
        if len(content) >= 4096:
            large.append((number, content))
        elif content:
            start, count = len(chain), -(-len(content) // SMALL)
            chain += [*range(start + 1, start + count), END]
            mini += content.ljust(count * SMALL, b"\0")
            entries[number][4] = start
        else:
            entries[number][4] = END
    fat, body = [FAT], b""

    def store(content: bytes) -> int:
        nonlocal body
        start, count = len(fat), -(-len(content) // SECTOR)
        fat.extend([*range(start + 1, start + count), END])
        body += content.ljust(count * SECTOR, b"\0")
        return start if count else END

    for number, content in large:
        entries[number][4] = store(content)
    entries[0][4], entries[0][5] = store(mini), len(mini)
    minifat = store(struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff"))
    directory = store(b"".join(map(_entry, entries)))
    assert len(fat) <= SECTOR // 4, "one sector of the table is enough for a test"
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, minifat, 1, END, 0)
    return head + struct.pack("<I", 0) + b"\xff" * (108 * 4) + table + body


def _entry(given) -> bytes:
    name, kind, right, child, start, size = given
    coded = name.encode("utf-16-le") + b"\0\0"
    head = coded.ljust(64, b"\0") + struct.pack("<HBBIII", len(coded), kind, 1, FREE, right, child)
    return head + bytes(16 + 4 + 8 + 8) + struct.pack("<IQ", start, size)
