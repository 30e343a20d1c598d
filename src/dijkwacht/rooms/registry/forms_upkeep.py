"""The forms of the upkeep: what an organisation changes itself, and what an officer asks about."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dijkwacht.rooms.registry import fields, vocabulary
from dijkwacht.rooms.registry.forms import CleanedForm, OrganisationForm, area, choice, line, sector_choice
from dijkwacht.rooms.registry.upkeep.terms import OWN


class ChangeForm(OrganisationForm):
    """What an organisation registered itself, and since when it is different."""

    cleaners = {name: fields.ORGANISATION[name] for name in OWN}
    # The centre says what these are.
    kind = classification = language = identified_by = None  # type: ignore[assignment]
    legal_form = activities = staff = None  # type: ignore[assignment]
    kvk = rsin = oin = roo = lei = foreign_register = foreign_number = None  # type: ignore[assignment]
    effective_on = line(_("Changed on"), _("The day on which the change took effect, such as 2026-12-31."), longest=10)


class AskForm(CleanedForm):
    """One field, as another source has it."""

    field = forms.CharField(
        label=_("Field"),
        widget=forms.Select(
            attrs={"class": "utrecht-select utrecht-select--html-select"},
            choices=[(name, OrganisationForm.base_fields[name].label) for name in OWN],
        ),
    )
    value = line(_("Value in the source"))
    source = line(_("Source"), _("Where the centre learned of it, such as the business register."), longest=100)


class ReviewForm(CleanedForm):
    """Whom to ask whether their registration is still right, and by when."""

    title = line(_("Title"), longest=200)
    due_on = line(_("Answer by"), _("Such as 2026-12-31."), longest=10)
    classification = forms.CharField(
        label=_("Class under the law"),
        required=False,
        widget=forms.Select(
            attrs={"class": "utrecht-select utrecht-select--html-select"},
            choices=[("", _("all")), ("essential", _("essential entity")), ("important", _("important entity"))],
        ),
    )
    sector = sector_choice(_("Sector"), empty=_("all"))


class LeaveForm(CleanedForm):
    """Why an organisation leaves the register, and when."""

    reason = choice(_("Why"), vocabulary.LeaveReason)
    effective_on = line(
        _("From"),
        _("Today or a day to come, such as 2026-12-31; it takes effect at its start."),
        longest=10,
    )
    successor = line(
        _("Who goes on"), _("With a merger or a sale: the name and the KvK number of who takes over."), longest=200
    )
    explanation = area(_("Explanation"))
