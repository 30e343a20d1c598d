"""What administrators fill in about tokens and people."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dijkwacht.kernel.actor import Actor, CentreRole, OrganisationRole
from dijkwacht.platform.accounts import organisations, words
from dijkwacht.platform.accounts.permissions import PERMISSIONS, scopes_for
from dijkwacht.platform.accounts.rules import Role

CENTRE = "centre"


def places(actor: Actor) -> list[tuple[str, str]]:
    """Where `actor` administers: organisations by their name, and the centre."""
    own = [owner for owner in sorted(actor.memberships) if actor.administers(owner)]
    names = organisations.names(own)
    found = sorted(((str(owner), names.get(owner, str(owner))) for owner in own), key=lambda one: one[1])
    centre = [(CENTRE, str(_("the centre")))] if actor.has(CentreRole.ADMINISTRATOR) else []
    return centre + found


def scope_choices(actor: Actor) -> list[tuple[str, str]]:
    """Every scope that a token of one of the actor's places may hold, with its meaning."""
    names = set(scopes_for(centre=False)) if actor.memberships else set()
    if actor.has(CentreRole.ADMINISTRATOR):
        names |= set(scopes_for(centre=True))
    dutch = (get_language() or "nl").startswith("nl")
    return [(name, f"{PERMISSIONS[name].nl if dutch else PERMISSIONS[name].en} ({name})") for name in sorted(names)]


class PlaceForm(forms.Form):
    """A form about one of the places that the actor administers."""

    place = forms.ChoiceField(label=_("For"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["place"].choices = places(actor)  # type: ignore[attr-defined]

    @property
    def organisation(self) -> UUID | None:
        """The organisation chosen; None is the centre."""
        place = self.cleaned_data["place"]
        return None if place == CENTRE else UUID(place)


class TokenForm(PlaceForm):
    """A new token."""

    name = forms.CharField(label=_("Name"), max_length=100)
    scopes = forms.MultipleChoiceField(label=_("May do"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("Valid for (days)"), min_value=1, max_value=366, initial=90)
    role = forms.ChoiceField(
        label=_("Acts at the centre as"),
        required=False,
        choices=[("", "-"), *((role.value, role.value) for role in CentreRole if role is not CentreRole.ADMINISTRATOR)],
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["scopes"].choices = scope_choices(actor)  # type: ignore[attr-defined]
        if not actor.has(CentreRole.ADMINISTRATOR):
            del self.fields["role"]

    def clean(self) -> dict[str, Any]:
        """A token of the centre acts in a role; one of an organisation in none."""
        values = super().clean() or self.cleaned_data
        role = values.get("role", "")
        if "place" in values and (values["place"] == CENTRE) != bool(role):
            raise forms.ValidationError(_("A token of the centre needs a role; a token of an organisation has none."))
        return values

    def wanted(self) -> dict[str, Any]:
        """The arguments of `tokens.create`."""
        role = self.cleaned_data.get("role", "")
        return {
            "name": self.cleaned_data["name"],
            "scopes": self.cleaned_data["scopes"],
            "lifetime": timedelta(days=self.cleaned_data["days"]),
            "organisation": self.organisation,
            "centre_role": CentreRole(role) if role else None,
        }


class InvitationForm(PlaceForm):
    """Somebody who gets a role."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    role = forms.ChoiceField(label=_("Role"))
    language = forms.ChoiceField(label=_("Language"), choices=[("nl", "Nederlands"), ("en", "English")])

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        roles: list[OrganisationRole | CentreRole] = list(OrganisationRole) if actor.memberships else []
        if actor.has(CentreRole.ADMINISTRATOR):
            roles += [role for role in CentreRole if role not in roles]
        self.fields["role"].choices = [(role.value, words.role(role)) for role in roles]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a role that does not exist in the place chosen."""
        values = super().clean() or self.cleaned_data
        if {"place", "role"} <= values.keys():
            kind = CentreRole if values["place"] == CENTRE else OrganisationRole
            if values["role"] not in {role.value for role in kind}:
                raise forms.ValidationError(_("There is no such role in this place."))
        return values

    def chosen(self) -> Role:
        """The role to give."""
        kind = CentreRole if self.organisation is None else OrganisationRole
        return Role(kind(self.cleaned_data["role"]), self.organisation)
