"""What the forms of the plan hand in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dijkwacht.rooms.knowledge.planning.actions import LONGEST_NOTE, Decided
from dijkwacht.rooms.knowledge.planning.models import Item
from dijkwacht.rooms.knowledge.templatetags.knowledge_words import STATUSES


class ItemForm(forms.Form):
    """What an organisation does about a measure."""

    status = forms.ChoiceField(label=_("Status"))
    owner = forms.CharField(label=_("Who"), max_length=100, required=False)
    due = forms.DateField(
        label=_("Finish by"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label=_("Note"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, _(STATUSES[code])) for code in Item.Status.values]
        self.fields["status"] = forms.ChoiceField(label=_("Status"), choices=choices)
        self.order_fields(["status", "owner", "due", "note", "version"])

    def decided(self) -> Decided:
        """Return what was decided; the form is valid."""
        found = self.cleaned_data
        return Decided(found["status"], found["owner"], found["due"], found["note"])


def initial(item: Item | None) -> dict[str, Any]:
    """Return how the form begins."""
    if item is None:
        return {"status": Item.Status.OPEN, "version": 0}
    return {name: getattr(item, name) for name in ("status", "owner", "due", "note", "version")}
