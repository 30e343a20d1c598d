"""What is wrong with an answer that was given on a page, in the words of its reader."""

from django.utils.translation import gettext as _

from dijkwacht.rooms.advisories.delivery import rules


def wrong_with(answer: str, note: str) -> str:
    """Say what keeps an answer from being taken; empty where nothing does."""
    if answer not in set(rules.Answer):
        return _("Choose an answer.")
    if rules.tidy(note) is None:
        return _("The comment is too long: at most %(longest)s characters.") % {"longest": rules.LONGEST_NOTE}
    return ""
