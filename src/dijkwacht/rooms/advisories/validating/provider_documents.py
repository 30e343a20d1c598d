"""The documents of a provider: valid, named and placed by the rules, with hashes and signatures that hold."""

import hashlib
import re
from typing import Any, Final

from . import judging
from .verdict import NotCsaf, NotThere
from .walk import Walk

NAME: Final = re.compile(r"[^+\-a-z0-9]+")
HASHES: Final = ("sha256", "sha512")


def documents(walk: Walk, urls: dict[str, None]) -> None:
    """Look at these documents, each once."""
    if not urls:
        for number in (1, 2, 18, 19):
            walk.found[number].found.append("no document is published yet, or none is open to us")
        return
    for url in list(urls)[: walk.sample]:
        answer = walk.get(url)
        if not answer.ok:
            walk.say(1, f"{url}: {answer.told()}", right=False)
            continue
        _one(walk, url, answer.body)


def _one(walk: Walk, url: str, body: bytes) -> None:
    name = url.rpartition("/")[2]
    try:
        document = judging.read(body)
        verdict = judging.judge(document)
        said = f"{name}: valid" if verdict.taken_in else f"{name}: {'; '.join(x.test for x in verdict.refusals()[:5])}"
        walk.say(1, said + ("" if verdict.agreed else " (the two validators differ)"), right=verdict.taken_in)
        _named(walk, url, document)
    except NotCsaf as error:
        walk.say(1, f"{name}: {error}", right=False)
    except NotThere as error:
        walk.found[1].found.append(str(error))
    for kind in HASHES:
        given = walk.look(f"{url}.{kind}")
        if given.ok:
            first = given.body.split(None, 1)[0].decode("ascii", "replace") if given.body.strip() else ""
            walk.say(18, f"{name}.{kind}", right=first == hashlib.new(kind, body).hexdigest())
    if not any(said.startswith(name) for said in walk.found[18].found):
        walk.say(18, f"{name} has no hash", right=False)
    _signed(walk, url, body)


def _named(walk: Walk, url: str, document: dict[str, Any]) -> None:
    tracking = document["document"].get("tracking")
    tracking = tracking if isinstance(tracking, dict) else {}
    wanted = NAME.sub("_", str(tracking.get("id", "")).lower()) + ".json"
    name = url.rpartition("/")[2]
    walk.say(2, f"{name}" if name == wanted else f"{name} should be {wanted}", right=name == wanted)
    folder, year = url.split("/")[-2], str(tracking.get("initial_release_date", ""))[:4]
    walk.say(11, f"{name} in {folder}", right=folder == year)


def _signed(walk: Walk, url: str, body: bytes) -> None:
    import pysequoia

    name, given = url.rpartition("/")[2], walk.look(f"{url}.asc")
    if not given.ok:
        walk.say(19, f"{name}.asc: {given.told()}", right=False)
        return
    try:
        keys = [pysequoia.Cert.from_bytes(one) for one in walk.keys]
        signature = pysequoia.Sig.from_bytes(given.body)
        right = bool(pysequoia.verify(body, store=lambda _: keys, signature=signature).valid_sigs)
    except Exception:  # noqa: BLE001 - the library raises bare exceptions
        right = False
    walk.say(19, f"{name}.asc" if right else f"{name}.asc does not hold with the published keys", right=right)
