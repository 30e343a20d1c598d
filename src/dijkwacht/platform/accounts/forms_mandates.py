"""What administrators fill in about mandates."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts import organisations, words
from dijkwacht.platform.accounts.rules import LONGEST_MANDATE, MANDATED

USUAL: Final = LONGEST_MANDATE - timedelta(days=1)


class Day(forms.DateField):
    """A day, with the browser's own way to choose one."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MandateForm(forms.Form):
    """What both ways to a mandate have in common: for or by which own organisation, which roles, until when."""

    place = forms.ChoiceField(label=_("For"))
    roles = forms.MultipleChoiceField(label=_("May act as"), widget=forms.CheckboxSelectMultiple)
    starts_on = Day(label=_("First day"))
    ends_on = Day(label=_("Last day"), help_text=_("At most a year later. It ends by itself after this day."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {"starts_on": today, "ends_on": today + USUAL, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        own = [one for one in sorted(actor.memberships) if actor.administers(one)]
        names = organisations.names(own)
        self.fields["place"].choices = [(str(one), names.get(one, str(one))) for one in own]  # type: ignore[attr-defined]
        self.fields["roles"].choices = [  # type: ignore[attr-defined]
            (role.value, f"{words.role(role)}: {words.meaning(role)}") for role in MANDATED
        ]

    @property
    def own(self) -> UUID:
        """The organisation of the asker that was chosen."""
        return UUID(self.cleaned_data["place"])

    def wanted(self) -> dict[str, Any]:
        """The arguments that both actions share."""
        return {name: self.cleaned_data[name] for name in ("roles", "starts_on", "ends_on")}


class GiveForm(MandateForm):
    """A mandate that an organisation gives."""

    prefix = "give"
    holder = forms.CharField(
        label=_("To whom"),
        max_length=254,
        help_text=_("The e-mail address of a person, or the code of an organisation; it tells you its code."),
    )
    field_order = ("place", "holder", "roles", "starts_on", "ends_on")


class AskForm(MandateForm):
    """A mandate that an organisation asks another one for."""

    prefix = "ask"
    code = forms.CharField(
        label=_("Code of the organisation you want to act for"),
        max_length=60,
        help_text=_("Ask your client or group company for it: it stands on its page about mandates."),
    )
    note = forms.CharField(label=_("Why (they read this)"), max_length=200, required=False)
    field_order = ("place", "code", "roles", "starts_on", "ends_on", "note")
