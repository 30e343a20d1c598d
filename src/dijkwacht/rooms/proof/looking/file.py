"""The file under /.well-known/: https first, http where https gives nothing."""

import time
from typing import Final

from dijkwacht.platform.egress import pinned
from dijkwacht.platform.egress.way import Egress
from dijkwacht.rooms.proof import rules
from dijkwacht.rooms.proof.looking import http
from dijkwacht.rooms.proof.looking.finding import Finding, shown
from dijkwacht.rooms.proof.looking.suffixes import registrable
from dijkwacht.rooms.proof.looking.txt import reserved
from dijkwacht.rooms.proof.vocabulary import Outcome

SECONDS: Final = 10.0  # for everything together
HTTPS_SHARE: Final = 6.0  # of which https gets so many
OK, FIRST_OWN_FAULT = 200, 500


def look(domain: str, token: str, egress: Egress) -> Finding:
    """Look for our token in the domain's file. Never raises."""
    if reserved(domain):
        return Finding(Outcome.REFUSED, "reserved", {"name": domain})
    begin = time.monotonic()
    first = _try(f"https://{domain}{rules.PATH}", domain, token, egress, begin + HTTPS_SHARE)
    if first.outcome is Outcome.MATCH:
        return first
    second = _try(f"http://{domain}{rules.PATH}", domain, token, egress, begin + SECONDS)
    # What was seen says more than what could not be looked at; of two that were seen, https says it.
    return second if second.outcome is Outcome.MATCH or first.outcome is Outcome.TEMPORARY else first


def _try(url: str, domain: str, token: str, egress: Egress, deadline: float) -> Finding:
    try:
        return _judge(_follow(url, domain, egress, deadline), token)
    except pinned.Refused as refused:
        return Finding(Outcome.REFUSED, *refused.args)
    except pinned.Gone as gone:
        return Finding(Outcome.ABSENT, *gone.args)
    except pinned.Unreached as unreached:
        return Finding(Outcome.TEMPORARY, *unreached.args)


def _follow(url: str, domain: str, egress: Egress, deadline: float) -> http.Answer:
    allowed = registrable(domain) or domain
    for _ in range(http.MOST_HOPS + 1):
        answer = http.fetch(url, egress, deadline)
        if answer.status not in http.REDIRECTS:
            return answer
        url = http.next_hop(answer.url, answer.location, allowed)
    raise pinned.Refused("http-many-redirects", {"url": url, "most": http.MOST_HOPS})


def _judge(answer: http.Answer, token: str) -> Finding:
    facts = {"url": answer.url, "address": answer.address, "status": answer.status}
    if answer.status >= FIRST_OWN_FAULT:
        return Finding(Outcome.TEMPORARY, "http-status", facts)
    if answer.status != OK:
        return Finding(Outcome.ABSENT, "http-status", facts)
    if len(answer.body) > http.LARGEST:
        return Finding(Outcome.ABSENT, "http-large", {**facts, "most": http.LARGEST})
    lines = [one.strip() for one in answer.body.removeprefix(b"\xef\xbb\xbf").splitlines()]
    if rules.line(token).encode() in lines:
        return Finding(Outcome.MATCH, "http-match", facts)
    return Finding(Outcome.ABSENT, "http-other", {**facts, "begins": shown(answer.body[:80])})
