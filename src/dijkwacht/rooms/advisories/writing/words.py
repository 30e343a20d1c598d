"""What is shown to a writer: states, choices, and what is wrong with a text, in words."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

STATES: Final = {
    "draft": gettext_noop("being written"),
    "offered": gettext_noop("waits for a second person"),
    "published": gettext_noop("published"),
    "withdrawn": gettext_noop("withdrawn"),
}
CHOICES: Final = {
    "likelihood": {
        "": gettext_noop("not assessed"),
        "low": gettext_noop("low"),
        "medium": gettext_noop("medium"),
        "high": gettext_noop("high"),
    },
    "label": {"": gettext_noop("none"), "normal": gettext_noop("normal"), "urgent": gettext_noop("urgent")},
    "kind": {
        "vendor_fix": gettext_noop("update of the vendor"),
        "mitigation": gettext_noop("lessens the harm"),
        "workaround": gettext_noop("way around it"),
        "no_fix_planned": gettext_noop("no update will come"),
        "none_available": gettext_noop("nothing is known yet"),
    },
}
CHOICES["impact"] = CHOICES["likelihood"]
PROBLEMS: Final = {
    "empty": gettext_noop("is empty"),
    "assess": gettext_noop("choose likelihood and impact, or a label"),
    "no-course": gettext_noop("say at least one thing that the reader can do"),
    "two-languages": gettext_noop("write it in Dutch and in English"),
    "not-a-link": gettext_noop("is no link: begin with https://"),
    "no-reference": gettext_noop("without a vulnerability an advisory needs a link to read more"),
    "twice": gettext_noop("stands here twice"),
    "not-a-cve": gettext_noop("is no CVE number, such as CVE-2026-12345"),
    "not-a-cwe": gettext_noop("is no CWE number, such as CWE-79"),
    "no-product": gettext_noop("a line names no product"),
    "to-fill-in": gettext_noop("a product has ? for its versions: fill them in, or leave them empty if nobody knows"),
    "not-a-choice": gettext_noop("is none of the choices"),
    "not-a-day": gettext_noop("is no date, such as 2026-11-26"),
    "not-a-vector": gettext_noop("is no CVSS vector"),
    "not-a-line": gettext_noop("is no line of a product: vendor | product | versions | status"),
    "not-a-status": gettext_noop("the status is affected, not_affected, fixed or under_investigation"),
    "not-a-notation": gettext_noop("the notation is text, vers, cve or cpe"),
}
FIELDS: Final = {
    "title": gettext_noop("Title"),
    "summary": gettext_noop("Summary"),
    "what": gettext_noop("What is the matter"),
    "affected": gettext_noop("Who is affected"),
    "likelihood": gettext_noop("Likelihood"),
    "impact": gettext_noop("Impact if it happens"),
    "label": gettext_noop("Label"),
    "tlp": gettext_noop("May be shared"),
    "since": gettext_noop("Since"),
    "references": gettext_noop("More to read"),
    "thanks": gettext_noop("With thanks to"),
    "courses": gettext_noop("What to do"),
    "course": gettext_noop("What to do"),
    "vulnerabilities": gettext_noop("Vulnerability"),
    "vulnerability": gettext_noop("Vulnerability"),
}


def label(name: str) -> str:
    """Give the name of a field as the page says it: title_nl is "Title (nl)", course-1-url "What to do 2"."""
    base, _line, rest = name.partition("-")
    plain, _under, language = base.partition("_")
    shown = _(FIELDS.get(plain, plain))
    if language:
        return f"{shown} ({language})"
    number = rest.partition("-")[0]
    return f"{shown} {int(number) + 1}" if number.isdigit() else shown


def problem(name: str, code: str, line: int = 0) -> str:
    """Say what is wrong with a field, and on which line."""
    place = _("line %(line)s") % {"line": line} if line else ""
    return f"{label(name)}{', ' + place if place else ''}: {_(PROBLEMS[code])}"


def anchor(name: str) -> str:
    """Give the id of the field of a problem on the page."""
    base, _line, rest = name.partition("-")
    single = {"courses": "course", "vulnerabilities": "vulnerability"}.get(base, base)
    number, _more, field = rest.partition("-")
    if base in {"references", "thanks"} or not (number or base in {"courses", "vulnerabilities"}):
        return f"id_{base}"
    return f"id_{single}-{number or '0'}-{field or ('name' if single == 'vulnerability' else 'nl')}"
