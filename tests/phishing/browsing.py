"""What a browser with Safe Browsing v5 hashes of a URL: written from its documentation, beside our own.

Source: developers.google.com/safe-browsing/reference/URLs.and.Hashing: canonicalisation, host-suffix and path-prefix
expressions. It shares no line with `listing.rules`.
"""

import re

import idna

HEXADECIMAL = re.compile(rb"%([0-9A-Fa-f]{2})")


def canonical(url):
    """The host, the path and the query ("" for none) in canonical form."""
    url = re.sub(r"[\t\r\n]", "", url.strip()).partition("#")[0]
    _, _, rest = url.partition("://")
    place, slash, tail = rest.partition("/")
    path, asked, query = (slash + tail).partition("?")
    host = re.sub(r"\.+", ".", place.rpartition("@")[2].partition(":")[0].strip(".")).lower()
    host = idna.encode(host).decode() if not host.isascii() else host
    return host, written(straight(bare(path.encode()))) or "/", asked + written(bare(query.encode()))


def bare(raw):
    """Without escapes, however often they were escaped."""
    while HEXADECIMAL.search(raw):
        raw = HEXADECIMAL.sub(lambda found: bytes([int(found[1], 16)]), raw)
    return raw


def straight(path):
    """Without `/./`, `/../` and runs of slashes."""
    while (shorter := re.sub(rb"/[^/]+/\.\.(?=/|\Z)", b"/", re.sub(rb"/\.?(?=/)", b"", path), count=1)) != path:
        path = shorter
    return path


def written(raw):
    """Escaped: what is at most 32 or at least 127, # and %."""
    return "".join(f"%{one:02X}" if one <= 32 or one >= 127 or one in b"#%" else chr(one) for one in raw)


def whole(url):
    """The expression of the URL itself."""
    return "".join(canonical(url))


def expressions(url):
    """All that a browser looks up of a URL: up to five hosts, up to six paths. The first is the exact host."""
    host, path, query = canonical(url)
    labels = host.split(".")
    hosts = [host, *(".".join(labels[start:]) for start in range(max(1, len(labels) - 5), len(labels) - 1))]
    steps = path.split("/")[1:-1]
    above = ["/" + "".join(f"{one}/" for one in steps[:count]) for count in range(min(4, len(steps) + 1))]
    paths = [*dict.fromkeys([*above, path, path + query])]
    return [f"{name}{where}" for name in hosts for where in paths]
