"""What the forms of the desk hand in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dijkwacht.rooms.knowledge.editing.actions import LONGEST_NAME, Edit
from dijkwacht.rooms.knowledge.texts import LARGEST


class EditForm(forms.Form):
    """A new text of a measure."""

    text = forms.CharField(
        label=_("Text (TOML, Dutch, English)"),
        max_length=LARGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "true"}),
    )
    why = forms.CharField(label=_("Why it changes"), max_length=300)
    publish_on = forms.DateField(
        label=_("Publish on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    owner = forms.EmailField(label=_("Owner (mail address)"), required=False)
    base = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    lesson = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def edit(self) -> Edit:
        """Return the edit; the form is valid."""
        found = self.cleaned_data
        text = found["text"].replace("\r\n", "\n").strip() + "\n"
        return Edit(text, found["why"], found["base"], found["publish_on"], found["owner"], found["lesson"])


class NewForm(EditForm):
    """A measure that is new."""

    field_order = ("name",)
    name = forms.SlugField(
        label=_("Name in the address (small letters, digits and hyphens)"), max_length=LONGEST_NAME, allow_unicode=False
    )


class LessonForm(forms.Form):
    """What was learned."""

    text = forms.CharField(
        label=_("What was learned"), min_length=10, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    source = forms.CharField(label=_("From which incident or exercise"), max_length=100, required=False)
