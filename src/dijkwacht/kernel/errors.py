"""One shape for everything that can be refused: a problem with a type, a status and a text in two languages."""

import re
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

WORD_START: Final = re.compile(r"(?<!^)(?=[A-Z])")

Language = Literal["nl", "en"]


class Problem(Exception):
    """The request could not be carried out."""

    # A subclass's docstring is its English text, `nl` its Dutch one. Both may name fields in braces: "{value}".
    nl: ClassVar[str] = "Het verzoek kon niet worden uitgevoerd."
    type: ClassVar[str] = "problem"  # slug for the `type` member of problem+json; made from the class name
    status: ClassVar[int] = 400  # HTTP status

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Give each kind of problem its slug, and refuse one that lacks a text of its own in either language."""
        super().__init_subclass__(**kwargs)
        if not (cls.__doc__ or "").strip() or "nl" not in vars(cls):
            raise TypeError(f"{cls.__name__} needs a docstring (its English text) and a Dutch text in `nl`")
        if "type" not in vars(cls):
            cls.type = WORD_START.sub("-", cls.__name__).lower()

    def __init__(self, detail: str = "", /, **fields: Any) -> None:
        """Hold what is wrong this time: `detail` is free text, `fields` fill the braces of the texts."""
        self.detail = detail
        self.fields: Mapping[str, Any] = fields
        super().__init__(self.text("en"))

    def text(self, language: Language = "en") -> str:
        """Return the message in Dutch or English, its fields filled in, the detail after it."""
        template = self.nl if language == "nl" else " ".join((self.__doc__ or "").split())
        sentence = template.format_map(self.fields)
        return f"{sentence} {self.detail}" if self.detail else sentence

    def as_problem(self, language: Language = "en") -> dict[str, Any]:
        """Return the members of an `application/problem+json` body (RFC 9457)."""
        return {**self.fields, "type": self.type, "title": self.text(language), "status": self.status}
