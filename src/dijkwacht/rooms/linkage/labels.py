"""Names of fields and rules for people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

FIELD_LABELS: dict[str, Any] = {
    "name": _("Name"),
    "trade_name": _("Trade name"),
    "legal_form": _("Legal form"),
    "kvk": _("KvK number"),
    "rsin": _("RSIN"),
    "establishment": _("Branch number"),
    "street": _("Street"),
    "house_number": _("House number"),
    "postcode": _("Postcode"),
    "city": _("Town"),
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "website": _("Website"),
    "changed": _("Last change"),
    "sector": _("Sector"),
    "country": _("Country"),
    "class": _("Class under the law"),
    "assets": _("Assets: verified / all"),
    "contacts": _("Contacts"),
    "since": _("In the register since"),
}
RULE_LABELS: dict[str, Any] = {
    "only": _("the only value"),
    "majority": _("most records give it"),
    "recent": _("the record changed last gives it"),
    "longest": _("the fullest text"),
}


def field_label(field: str) -> Any:
    """Return the name of a field."""
    return FIELD_LABELS.get(field, field)


def rule_label(rule: str) -> Any:
    """Return why a value survived."""
    source = rule.removeprefix("source:")
    return (
        _("the register %(source)s goes first") % {"source": source} if source != rule else RULE_LABELS.get(rule, rule)
    )


TABLE_LABELS: dict[str, Any] = {
    "asset": _("assets"),
    "contact": _("contacts"),
    "mandate": _("mandates"),
    "membership": _("people who act for it"),
    "organisation": _("fields of the organisation"),
    "asset-standing": _("assets whose proof is taken over"),
    "accounts.Token": _("API tokens"),
    "enrolment.Registration": _("registrations"),
    "linkage.SourceRecord": _("source records"),
    "notification.Notice": _("notices"),
    "notification.Feedback": _("answers to notices"),
    "notification.Call": _("calls to make"),
    "proof.Challenge": _("proofs and what was asked for them"),
    "proof.Check": _("looks at proofs"),
    "registry.ChangeNotice": _("change notices"),
    "registry.Designation": _("sectors it watches over"),
    "registry.Review": _("reviews"),
    "services.Subscription": _("subscriptions"),
}


def table_label(table: str) -> Any:
    """Return what the rows of a table are to people; one without a name keeps the table's own."""
    return TABLE_LABELS.get(table, table)
