"""The texts of what is due: what to do, why, on which ground, and the words of the link that leads there."""

from typing import Final, NamedTuple

from django.utils.translation import gettext_noop as _

TELLING: Final = "Cbw 16(2)(b)"
REGISTERED: Final = "Cbw 44(1)(b)"


class Text(NamedTuple):
    """What is said of one kind of thing that is due; English, keys of the catalogue."""

    title: str
    why: str
    article: str
    door: str


SHOW: Final = _("Show that they are yours")
ADD_CONTACT: Final = _("Add a contact")
CHANGE_CONTACT: Final = _("Change the contact")
REVIEW: Final = _("Look at your registration")
TEXTS: Final = {
    "review": Text(
        _("Say of each part of your registration whether it is still right"),
        _("The centre asks this of your class at least every two years. Confirmed: %(done)s of %(all)s parts."),
        "Cbw 43",
        REVIEW,
    ),
    "next-review": Text(
        _("The next review of your registration"),
        _("At least every two years, counted from %(day)s. You hear from us when it begins."),
        "Cbw 43",
        REVIEW,
    ),
    "change": Text(
        _("Tell whether something changed in your registration"),
        _("%(source)s says something else than your registration does. A change is told within the term of the law."),
        "",  # the notice names its own
        _("Tell the change, or that there is none"),
    ),
    "question": Text(
        _("Answer our question about the registration of %(name)s"),
        _("An officer of the centre cannot decide before you answer."),
        "Cbw 44(1)",
        _("Read the question"),
    ),
    "incident": Text(
        _("Report on your incident “%(title)s”: %(stage)s"),
        _("You reported this incident. The law asks for this report before %(moment)s."),
        "",  # the term names its own
        _("Go to the incident"),
    ),
    "draft": Text(
        _("Send the incident report that you began"),
        _("It was kept while you typed, but not sent: the centre has not received it, and no term has stopped."),
        "Cbw 25",
        _("Go on with the report"),
    ),
    "advisory": Text(
        _("Answer advisory %(number)s: %(title)s"),
        _("It is about something that you run, or may run. We told you on %(day)s and do not know yet how it stands."),
        TELLING,
        _("Read what to do, and answer"),
    ),
    "consent": Text(
        _("Say yes again, or no, to a text that has changed"),
        _("You said yes to version %(old)s; it is version %(new)s now. Until then your yes does not count."),
        "",  # the product names its own
        _("Read the text"),
    ),
    "no-asset": Text(
        _("Tell which addresses and domain names are yours"),
        _("We know none of yours, so nothing that we see can be told to you."),
        REGISTERED,
        _("Add an address or domain name"),
    ),
    "unproven": Text(
        _("Show that what you claimed is yours (%(count)s not shown yet)"),
        _("Who is hit is told only to whom an address was shown to belong. Until then you hear nothing of these."),
        TELLING,
        SHOW,
    ),
    "ending": Text(
        _("Show again that addresses or domain names are yours (%(count)s)"),
        _("Their proof ends within a month. After that day you hear nothing more about them."),
        TELLING,
        SHOW,
    ),
    "proof-gone": Text(
        _("Put back a proof that is gone"),
        _("When we looked again we did not find it. If it stays away, these are no longer yours to us."),
        TELLING,
        _("See what we looked for"),
    ),
    "no-contact": Text(
        _("Name a security contact that works"),
        _("None of your security contacts works, so a warning reaches nobody."),
        REGISTERED,
        ADD_CONTACT,
    ),
    "no-phone": Text(
        _("Give a telephone number that is answered day and night"),
        _("No working security contact has one. When something critical is not answered by mail, we call."),
        REGISTERED,
        CHANGE_CONTACT,
    ),
    "no-substitute": Text(
        _("Name somebody who stands in"),
        _("There is one security contact and no substitute. When that one cannot be reached, nobody can."),
        REGISTERED,
        ADD_CONTACT,
    ),
    "contact-fails": Text(
        _("Mend a contact that does not work"),
        _("What we sent to it came back, or somebody said that it is the wrong one."),
        REGISTERED,
        CHANGE_CONTACT,
    ),
    "mandate": Text(
        _("Say whether your mandate to %(relay)s goes on"),
        _("After its last day the relay receives nothing about you any more. Agree on it, and tell the centre."),
        TELLING,
        _("Look at your mandates"),
    ),
}
