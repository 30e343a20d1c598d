"""Pages: two records side by side, and what an organisation is made of."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import attempt, refusals_as_pages
from dijkwacht.rooms.linkage import actions, reads, rules
from dijkwacht.rooms.linkage.errors import NotFound
from dijkwacht.rooms.linkage.forms import language
from dijkwacht.rooms.linkage.labels import field_label, rule_label
from dijkwacht.rooms.linkage.linking.evidence import in_words, prior_bits, reason_in_words
from dijkwacht.rooms.linkage.linking.mapping import FIELDS
from dijkwacht.rooms.linkage.linking.names import fold
from dijkwacht.rooms.linkage.models import Pair
from dijkwacht.rooms.linkage.web import SHOWN
from dijkwacht.rooms.registry import reads as registry

MOST = 0.9999  # a probability above it is not told apart


@page("linkage:read")
@require_safe
def pairs(request: HttpRequest) -> HttpResponseBase:
    """The pairs that wait, the heaviest first, and the latest answers."""
    actor = actor_of(request)
    waiting = reads.pairs_for(actor)
    context = {
        "waiting": [_listed(one) for one in waiting[:SHOWN]],
        "count": waiting.count(),
        "answered": [_listed(one) for one in reads.pairs_for(actor, waiting=False)[:SHOWN]],
        "may_merge": rules.may_merge(actor),
    }
    return render(request, "linkage/pairs.html", context)


def _listed(pair: Pair) -> dict[str, Any]:
    return {
        "pair": pair,
        "first": pair.first.fields.get("name") or pair.first.fields.get("trade_name", ""),
        "second": pair.second.fields.get("name") or pair.second.fields.get("trade_name", ""),
        "against": reason_in_words(pair.against, language()),
    }


@page("linkage:read")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, pair: UUID) -> HttpResponseBase:
    """Two records side by side with the evidence; an officer answers, and sees the next."""
    actor = actor_of(request)
    if request.method == "POST":
        rules.require(rules.may_merge(actor))
    row = reads.access_pair(actor, pair)
    if request.method == "POST":
        told = {"answer": request.POST.get("answer", ""), "reason": request.POST.get("reason", "")[:500]}
        if attempt(request, lambda: actions.answer_pair(actor=actor, pair=row.id, **told), _("The answer is kept.")):
            following = reads.pairs_for(actor).first()
            return HttpResponseRedirect(
                reverse("linkage:pair", args=[following.id]) if following else reverse("linkage:pairs")
            )
        return HttpResponseRedirect(reverse("linkage:pair", args=[row.id]))
    context = {
        "pair": row,
        "rows": side_by_side(row),
        "evidence": [(*in_words(comparison, level, language()), bits) for comparison, level, bits in row.evidence],
        "prior": prior_bits(),
        "against": reason_in_words(row.against, language()),
        "may_answer": rules.may_merge(actor) and not row.answer and row.merge.state == "applied",
        "percent": min(row.probability, MOST) * 100,
        "nearly": row.probability > MOST,
    }
    return render(request, "linkage/pair.html", context)


def side_by_side(pair: Pair) -> list[dict[str, object]]:
    """Give the fields that either record has, with what differs marked; capitals and spaces are no difference."""
    first, second = pair.first.fields, pair.second.fields
    return [
        {
            "label": field_label(field),
            "first": first.get(field, ""),
            "second": second.get(field, ""),
            "differs": bool(first.get(field))
            and bool(second.get(field))
            and _plain(first[field]) != _plain(second[field]),
        }
        for field in FIELDS
        if first.get(field) or second.get(field)
    ]


def _plain(text: str) -> str:
    return "".join(fold(text).split())


@page("linkage:read")
@refusals_as_pages
@require_safe
def organisation(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """What an organisation is made of: its fields with their origin, its source records, its joinings."""
    actor = actor_of(request)
    if not rules.may_read(actor):
        raise NotFound(what="organisation", what_nl="organisatie")
    context = {
        "organisation": registry.access_organisation(actor, organisation),
        "origins": [
            {"origin": one, "label": field_label(one.field), "rule": rule_label(one.rule)}
            for one in reads.origins_of(actor, organisation)
        ],
        "records": [
            {
                "record": one,
                "cells": [(field_label(field), one.fields[field]) for field in FIELDS if field in one.fields],
            }
            for one in reads.records_of(actor, organisation)[:SHOWN]
        ],
        "joinings": reads.joinings_of(actor, organisation),
        "may_merge": rules.may_merge(actor),
    }
    return render(request, "linkage/organisation.html", context)


@page("linkage:write")
@refusals_as_pages
@require_POST
def take_apart(request: HttpRequest, record: UUID) -> HttpResponseBase:
    """Give a source record an organisation of its own."""
    actor = actor_of(request)
    owner = reads.access_record(actor, record).organisation_id
    reason = request.POST.get("reason", "")
    attempt(
        request,
        lambda: actions.take_apart(actor=actor, source_record=record, reason=reason),
        _("The record has an organisation of its own now."),
    )
    return HttpResponseRedirect(reverse("linkage:organisation", args=[owner]) if owner else reverse("linkage:merges"))


@page("linkage:write")
@refusals_as_pages
@require_POST
def undo(request: HttpRequest, joining: UUID) -> HttpResponseBase:
    """Make two organisations of one again."""
    actor = actor_of(request)
    kept = reads.access_joining(actor, joining).kept_id
    reason = request.POST.get("reason", "")
    attempt(
        request,
        lambda: actions.undo_joining(actor=actor, joining=joining, reason=reason),
        _("They are two organisations again."),
    )
    return HttpResponseRedirect(reverse("linkage:organisation", args=[kept]))
