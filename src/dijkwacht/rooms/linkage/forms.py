"""The forms of linkage."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dijkwacht.kernel.errors import Language, Problem

BOX = {"class": "utrecht-textbox utrecht-textbox--html-input"}


def language() -> Language:
    """Return the language of this request."""
    return "nl" if (get_language() or "nl").startswith("nl") else "en"


def told(problem: Problem) -> str:
    """Return a problem's text for the reader of this request."""
    return problem.text(language())


class SeveralFiles(forms.ClearableFileInput):
    """A choice of several files at once."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files; gives the list of them."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        listed = data if isinstance(data, list | tuple) else [data]
        return [super(Files, self).clean(one, initial) for one in listed]


class HandInForm(forms.Form):
    """Registers with their mapping file."""

    title = forms.CharField(label=_("Title"), required=False, max_length=200, widget=forms.TextInput(attrs=BOX))
    mapping = forms.FileField(
        label=_("Mapping file"), help_text=_("TOML: which column of which file holds what."), max_length=200
    )
    registers = Files(
        label=_("Registers"),
        help_text=_("CSV, XLSX or JSON; several files at once."),
        max_length=200,
        widget=SeveralFiles(),
    )
