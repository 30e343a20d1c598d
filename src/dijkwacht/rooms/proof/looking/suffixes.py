"""Where a domain ends and what many share begins (the public suffix list, private section included)."""

from functools import cache

from publicsuffixlist import PublicSuffixList


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=True)


def registrable(domain: str) -> str | None:
    """Return the part of a name that one party registered; None for a public suffix or a shared platform itself."""
    found: str | None = _suffixes().privatesuffix(domain)
    return found


def parents(domain: str) -> list[str]:
    """Return the names above this one, nearest first, as far as one party holds them."""
    top = registrable(domain)
    if top is None:
        return []
    labels, depth = domain.split("."), top.count(".") + 1
    return [".".join(labels[index:]) for index in range(1, len(labels) - depth + 1)]
