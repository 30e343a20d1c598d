"""What is refused at reporting. A docstring is the English text, `nl` the Dutch one."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """You may not do this with a report."""

    nl = "U mag dit niet doen met een melding."
    status = 403


class NotFound(Problem):
    """There is no such report, or you may not see it."""

    nl = "Deze melding is er niet, of u mag haar niet zien."
    status = 404


class NotComplete(Problem):
    """The report is not complete: {fields}."""

    nl = "De melding is niet volledig: {fields}."
    status = 422


class StageNotOpen(Problem):
    """This stage cannot be filed now; open is: {open}."""

    nl = "Dit stadium kan nu niet worden gemeld; open staat: {open}."
    status = 409


class ReportTooLarge(Problem):
    """This is more than a report can hold. Send the rest as an attachment."""

    nl = "Dit is meer dan een melding kan bevatten. Stuur de rest als bijlage."
    status = 413


class AttachmentNotAllowed(Problem):
    """An attachment has 1 byte to {megabytes} MB, and an incident at most {most} of them."""

    nl = "Een bijlage heeft 1 byte tot {megabytes} MB, en een incident ten hoogste {most} stuks."
    status = 413


class DraftsTooLarge(Problem):
    """Your drafts hold {megabytes} MB of files; more is not kept. Send a draft, or take files out."""

    nl = (
        "Uw concepten bevatten {megabytes} MB aan bestanden; meer wordt niet bewaard. Verstuur een concept of haal er "
        "bestanden uit."
    )
    status = 413


class GuestFilesRefused(Problem):
    """Without account a report has at most {most} files, of 1 byte to 10 MB each and {megabytes} MB together."""

    nl = "Zonder account heeft een melding ten hoogste {most} bestanden, van 1 byte tot 10 MB en samen {megabytes} MB."
    status = 413


class NoRoom(Problem):
    """There is no room for files from here today. Write a message, or call the centre."""

    nl = "Voor bestanden hiervandaan is vandaag geen ruimte meer. Stuur een bericht of bel het centrum."
    status = 413


class TooMany(Problem):
    """Too many reports came in from here. Call the centre when it cannot wait."""

    nl = "Er kwamen hiervandaan te veel meldingen. Bel het centrum als het niet kan wachten."
    status = 429


class InvalidValue(Problem):
    """{field} cannot be used: {reason_en}."""

    nl = "{field} is niet bruikbaar: {reason_nl}."
    status = 422


class AlreadyDone(Problem):
    """This was done already."""

    nl = "Dit is al gedaan."
    status = 409


class NotLawful(Problem):
    """The law does not let this go to them: {reason_en}."""

    nl = "Dit mag volgens de wet niet naar hen: {reason_nl}."
    status = 409


class NotAReceiver(Problem):
    """An incident is handed to an authority or CSIRT that the register has for a sector, and this is none today."""

    nl = "Een incident gaat naar een autoriteit of CSIRT die het register voor een sector heeft; dit is er nu geen."
    status = 409


class ChangedMeanwhile(Problem):
    """What you saw is not what would go: the incident or your choices changed. Look at the version again."""

    nl = "Wat u zag is niet wat zou weggaan: het incident of uw keuzes zijn veranderd. Bekijk de versie opnieuw."
    status = 409


class NotSealable(Problem):
    """{who} has no usable OpenPGP key, and the link of the mail opens what is TLP:AMBER. Write why it goes in the
    clear all the same, or keep a key of theirs first."""

    nl = (
        "{who} heeft geen bruikbare OpenPGP-sleutel, en de link van de mail opent wat TLP:AMBER is. Schrijf waarom hij "
        "toch onversleuteld gaat, of leg eerst een sleutel van hen vast."
    )
    status = 409


class NobodyChosen(Problem):
    """Choose at least one receiver of those that are shown."""

    nl = "Kies ten minste één ontvanger van wie er staan."
    status = 422


class VerdictFirst(Problem):
    """Nothing goes to others before the verdict on confidentiality says that it may."""

    nl = "Er gaat niets naar anderen voordat het oordeel over de vertrouwelijkheid zegt dat het mag."
    status = 409
