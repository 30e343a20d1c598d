"""The warning page: plain HTML in Dutch and English, complete in itself. Pure.

It is shown at the address of the blocked site, to whoever asked for that: nothing of the request is written into it
but the host, escaped, when that is a name on the list. No cookie, no script, nothing loaded from elsewhere.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

STYLE: Final = (
    "body{margin:0;font:1.1rem/1.6 system-ui,sans-serif;color:#1b1b1b;background:#fff}"
    "header{background:#a4161a;color:#fff;padding:1.5rem}main,header>div{max-width:42rem;margin:0 auto}"
    "main{padding:1rem 1.5rem 3rem}h1{font-size:1.6rem;line-height:1.25;margin:0}h2{font-size:1.2rem;margin:1.5rem 0 0}"
    "section{border-top:4px solid #a4161a;margin-top:2rem;padding-top:.5rem}code{overflow-wrap:anywhere;font-size:1rem}"
    "a{color:#0b4f8a}a:focus{outline:3px solid #0b4f8a;outline-offset:2px}"
)
_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", POLICY),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex"),
)
TIME_ZONE: Final = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page says of an entry; `reasons`: Dutch and English sentences. `appeal`: an absolute address of ours."""

    host: str
    brand: str
    since: datetime
    reasons: Sequence[tuple[str, str]]
    appeal: str
    canary: bool = False


def page(shown: Shown | None, *, centre: str, home: str, sure: bool = True) -> bytes:
    """Give the page of an entry, or of an address that is not on the list (any more).

    Not `sure`: the list cannot be asked now; whoever comes here was sent by a resolver, so it warns.
    """
    dutch, english = [_of_entry(shown, one) if shown else _nothing(one, sure=sure) for one in ("nl", "en")]
    title = "Waarschuwing: phishing" if shown or not sure else "Geen waarschuwing"
    foot = f'<p><a href="{escape(home)}">{escape(centre)}</a></p>'
    return (
        f'<!doctype html><html lang="nl"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body>{dutch}{english}{foot}</main></body></html>"
    ).encode()


def _of_entry(shown: Shown, language: str) -> str:
    at = shown.since.astimezone(TIME_ZONE).strftime("%d-%m-%Y %H:%M")
    host, brand, appeal = escape(shown.host), escape(shown.brand), escape(shown.appeal)
    reasons = "".join(f"<li>{escape(one[0] if language == 'nl' else one[1])}</li>" for one in shown.reasons)
    if language == "nl":
        as_whom = f" Deze pagina doet zich voor als <strong>{brand}</strong>." if brand else ""
        return (
            f"<header><div><h1>Stop: deze pagina is waarschijnlijk van oplichters</h1></div></header><main>"
            f"<p>U ging naar <code>{host}</code>.{as_whom} Uw provider volgt onze lijst en heeft u"
            f" tegengehouden. Wij weten niet wie u bent.</p>"
            f"<h2>Waarom</h2><ul>{reasons}</ul><p>Op de lijst sinds {at}.</p>"
            f"<h2>Wat kunt u doen?</h2><ul><li>Sluit deze pagina. Er is niets gebeurd.</li>"
            f"<li>Hebt u hier al eerder gegevens ingevuld? Bel meteen uw bank en wijzig uw wachtwoord.</li></ul>"
            f'<h2>Is dit uw site?</h2><p><a href="{appeal}">Maak bezwaar</a>. U hebt geen account nodig. Een mens '
            f"beslist binnen een uur.</p>"
        )
    as_whom = f" This page pretends to be <strong>{brand}</strong>." if brand else ""
    return (
        f'<section lang="en"><h1>Stop: this page is probably run by fraudsters</h1>'
        f"<p>You went to <code>{host}</code>.{as_whom} Your internet provider follows our list and stopped you."
        f" We do not know who you are.</p><h2>Why</h2><ul>{reasons}</ul><p>On the list since {at}.</p>"
        f"<h2>What can you do?</h2><ul><li>Close this page. Nothing happened.</li>"
        f"<li>Did you fill in details here before? Call your bank at once and change your password.</li></ul>"
        f'<h2>Is this your site?</h2><p><a href="{appeal}">Appeal</a>. You need no account. A person decides within an '
        f"hour.</p></section>"
    )


def _nothing(language: str, *, sure: bool) -> str:
    if not sure:
        return _unsure(language)
    if language == "nl":
        return (
            "<header><div><h1>Voor dit adres is geen waarschuwing (meer)</h1></div></header><main>"
            "<p>U kwam hier doordat uw internetprovider een oude stand van onze lijst heeft, of doordat u dit adres "
            "zelf koos. Probeer het over enkele minuten opnieuw.</p>"
        )
    return (
        '<section lang="en"><h1>There is no warning for this address (any more)</h1>'
        "<p>You came here because your provider has an old state of our list, or because you chose this "
        "address yourself. Try again in a few minutes.</p></section>"
    )


def _unsure(language: str) -> str:
    if language == "nl":
        return (
            "<header><div><h1>Stop: deze pagina is mogelijk van oplichters</h1></div></header><main>"
            "<p>Uw provider volgt onze lijst en heeft u tegengehouden. Waarom kunnen wij nu even niet tonen. Sluit deze"
            " pagina, of probeer het over enkele minuten opnieuw.</p>"
        )
    return (
        '<section lang="en"><h1>Stop: this page may be run by fraudsters</h1>'
        "<p>Your provider follows our list and stopped you. We cannot show why at this moment. Close this page, or try"
        " again in a few minutes.</p></section>"
    )
