"""The pages of an organisation and of a relay: what is found, why it is told, what to do, and the answer."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import actor_of, allows, allows_for, page
from dijkwacht.rooms.notification import actions, courses, exporting, feedback, listing, reads, sending
from dijkwacht.rooms.notification.errors import NotAllowed
from dijkwacht.rooms.notification.models import Decision, Finding, Notice, NoticeItem
from dijkwacht.rooms.notification.rendering import document, kinds, words
from dijkwacht.rooms.registry import reads as registry

SORTS: Final = ("matters", "newest", "last-seen")


def language() -> str:
    return "en" if get_language() == "en" else "nl"


@require_safe
@page("findings:read")
def findings(request: HttpRequest) -> HttpResponseBase:
    """What is found at the reader's own organisation: what waits for an answer first."""
    actor = actor_of(request)
    own = reads.findings_for(actor)
    notices = reads.notices_for(actor)
    context = {
        "findings": listing.rows_of(request, listing.filtered(request, own)),
        "open": own.filter(state__in=listing.UNANSWERED).count(),
        "working": own.filter(state=Finding.State.ACKNOWLEDGED).count(),
        "over": own.filter(state__in=[Finding.State.RESOLVED, Finding.State.GONE]).count(),
        "several": len(actor.acts_for) > 1,
        "first_visit": own.exists() and not notices.filter(read_at__isnull=False).exists(),
        "unread": notices.filter(read_at__isnull=True).count(),
        "assets": sum(registry.assets_of(actor, one).count() for one in actor.acts_for),
        "filtering": any(request.GET.get(name) for name in ("state", "kind", "severity", "text")),
        **listing.choices(own, sorts=SORTS),
    }
    return render(request, "notification/organisation/findings.html", context)


@require_safe
@page("findings:read")
def findings_file(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The findings of the same query as CSV (formula-safe) or JSON Lines; the export is recorded."""
    actor = actor_of(request)
    return exporting.findings(actor, listing.filtered(request, reads.findings_for(actor)), form)


@require_http_methods(["GET", "HEAD", "POST"])
@page("findings:read")
def finding(request: HttpRequest, finding: UUID) -> HttpResponseBase:
    """One finding: why it is told, what to do, the evidence, its history, and the answer."""
    actor = actor_of(request)
    found = reads.access_finding(actor, finding)
    told = _told(actor, found)
    if request.method == "POST":
        return _answer(request, told, [found.id], redirect("mine:finding", finding=finding))
    decision = _decision(actor, found)
    with tenancy.acting(feedback.CLERK):
        letters = sending.letters([told]) if told else []
    meaning = kinds.meaning(found, letters[0].campaigns.get(found.id) if letters else None)
    context = {
        "finding": found,
        "meaning": meaning.title(language()),
        "decision": decision,
        **_advice(meaning),
        "evidence": kinds.evidence(found, decision),
        "history": reads.history_of(actor, finding),
        "notice": told,
        "tlp_meaning": words.TLP[language()].get(told.tlp, "") if told else "",
        "for_member": found.organisation_id not in actor.acts_for,
        "may_answer": told is not None and allows_for(actor, "findings:write", told.organisation_id),
        **_answers(),
    }
    return render(request, "notification/organisation/finding.html", context)


def _answers() -> dict[str, Any]:
    return {"answers": words.ANSWERS[language()].items(), "longest": feedback.LONGEST_COMMENT}


def _told(actor: Actor, found: Finding) -> Notice | None:
    """The newest notice with which this reader was told of a finding: an answer is an answer to it."""
    item = (
        NoticeItem.objects.filter(finding_id=found.id, organisation_id__in=reads.told(actor))
        .exclude(notice__state__in=reads.HIDDEN)
        .select_related("notice")
        .order_by("-id")
        .first()
    )
    return item.notice if item else None


def _decision(actor: Actor, found: Finding) -> Decision | None:
    """The ground on which this reader was told. The register of decisions is the centre's: one that concerns the
    reader is looked up for it."""
    number = (
        NoticeItem.objects.filter(finding_id=found.id, organisation_id__in=reads.told(actor))
        .exclude(notice__state__in=reads.HIDDEN)
        .order_by("-id")
        .values_list("decision_id", flat=True)
        .first()
    )
    if number is None:
        return None
    with tenancy.acting(feedback.CLERK):
        return Decision.objects.get(pk=number)


def _answer(request: HttpRequest, told: Notice | None, about: list[UUID], after: HttpResponse) -> HttpResponse:
    """Take the answer of the form, say what came of it, and show the page again. Raises NotAllowed."""
    if not allows(actor_of(request), "findings:write"):
        raise NotAllowed
    if told is None:
        messages.error(request, _("There is no notice about this yet, so there is nothing to answer."))
        return after
    try:
        changed = feedback.give_feedback(
            actor=actor_of(request),
            notice=told.id,
            answer=request.POST.get("answer", ""),
            findings=about,
            comment=request.POST.get("comment", "").replace("\r\n", "\n"),
        )
    except Problem as problem:
        listing.refused(request, problem)
        return after
    said = words.ANSWERS[language()][request.POST["answer"]]
    messages.success(request, _("Thank you. We keep your answer: %(answer)s.") % {"answer": said})
    if not changed:
        messages.info(request, _("Nothing changed state: it was known already, or the centre looks at it first."))
    return after


@require_safe
@page("notices:read")
def notices(request: HttpRequest) -> HttpResponseBase:
    """The inbox: every notice to this organisation, the newest first."""
    actor = actor_of(request)
    rows = reads.notices_for(actor).order_by("-created_at", "id")
    context = {
        "several": len(actor.acts_for) > 1,
        "notices": listing.rows_of(request, rows),
        "unread": rows.filter(read_at__isnull=True).count(),
    }
    return render(request, "notification/organisation/notices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("notices:read")
def notice(request: HttpRequest, notice: UUID) -> HttpResponseBase:
    """One notice, as it was sent, with what to do and the answer to all of it. Reading it is recorded."""
    actor = actor_of(request)
    if request.method == "POST":
        told = reads.access_notice(actor, notice)
        return _answer(request, told, [], redirect("mine:notice", notice=notice))
    read = actions.read_notice(actor=actor, notice=notice)
    with tenancy.acting(feedback.CLERK):
        letters = sending.letters([read])
    context = {
        "notice": read,
        "findings": read.items_shown,  # type: ignore[attr-defined]
        "advice": [_advice(meaning) for meaning in document.meanings(letters[0])] if letters else [],
        "why": document.why(letters[0], language()).values() if letters else [],
        "tlp_meaning": words.TLP[language()].get(read.tlp, ""),
        "for_members": any(row.organisation_id not in actor.acts_for for row in read.items_shown),  # type: ignore[attr-defined]
        "may_answer": allows_for(actor, "findings:write", read.organisation_id),
        **_answers(),
    }
    return render(request, "notification/organisation/notice.html", context)


def _advice(meaning: kinds.Meaning) -> dict[str, Any]:
    """What to do about a kind, and what its campaign says. Our Markdown renderer lets no HTML through."""
    course, campaign = meaning.course(language()), meaning.campaign_text(language())
    return {
        "course_title": course.title,
        "course_html": mark_safe(course.html),  # noqa: S308
        "campaign": mark_safe(courses.rendered(campaign)[1]) if campaign else "",  # noqa: S308
    }


@require_safe
@page("relay:read")
def members(request: HttpRequest) -> HttpResponseBase:
    """A relay's members: what the law let us tell about them, who is covered, and how a program reads it."""
    actor = actor_of(request)
    told = _of_members(actor)
    mandates = [row for relay in actor.relays for row in registry.mandates_for(actor, relay=relay)]
    context = {
        "findings": listing.rows_of(request, listing.filtered(request, told)),
        "coverage": _coverage(mandates, told),
        "base_url": settings.BASE_URL,
        "filtering": any(request.GET.get(name) for name in ("state", "kind", "severity", "text", "organisation")),
        **listing.choices(told),
    }
    return render(request, "notification/organisation/members.html", context)


def _of_members(actor: Actor) -> QuerySet[Finding]:
    """What a relay was told of its members; its own findings stand among its own."""
    return reads.findings_for(actor, members=True).exclude(organisation_id__in=actor.acts_for)


def _coverage(mandates: list[Any], told: QuerySet[Finding]) -> list[dict[str, Any]]:
    """Each member with its mandate and its numbers, those with most open first."""
    names = registry.names_of(mandates)
    numbers = {
        row["organisation_id"]: row
        for row in told.order_by()
        .values("organisation_id")
        .annotate(open=Count("id", filter=Q(state__in=listing.UNANSWERED)), every=Count("id"), newest=Max("last_seen"))
    }
    rows = [
        {"name": names.get(one.member_id, ""), "mandate": one, **numbers.get(one.member_id, {"open": 0, "every": 0})}
        for one in mandates
    ]
    return sorted(rows, key=lambda row: (-row["open"], row["name"]))


@require_safe
@page("relay:read")
def members_file(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The members' findings of the same query as a file; the export is recorded."""
    actor = actor_of(request)
    return exporting.findings(actor, listing.filtered(request, _of_members(actor)), form)
