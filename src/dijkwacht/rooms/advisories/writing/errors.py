"""What can be wrong with an advisory, or with what is done to it."""

from dijkwacht.kernel.errors import Problem


class AdvisoryNotFound(Problem):
    """There is no such advisory."""

    nl = "Dit beveiligingsadvies bestaat niet."
    status = 404


class MayNotWrite(Problem):
    """You may not write or approve advisories."""

    nl = "U mag geen beveiligingsadviezen schrijven of goedkeuren."
    status = 403


class ChangedMeanwhile(Problem):
    """{name} changed this advisory while you had it open. Your text is kept on this page; nothing was overwritten."""

    nl = (
        "{name} heeft dit advies veranderd terwijl u het open had. Uw tekst staat nog op deze pagina; "
        "er is niets overschreven."
    )
    status = 409


class NotNow(Problem):
    """This cannot be done now: the advisory is in state {state}."""

    nl = "Dit kan nu niet: het advies heeft de stand {state}."
    status = 409


class FourEyes(Problem):
    """You wrote, changed or assessed this last yourself. Somebody else must approve it."""

    nl = "U hebt dit zelf geschreven of als laatste veranderd of beoordeeld. Iemand anders moet het goedkeuren."
    status = 409


class NotComplete(Problem):
    """Something is missing before this can be published."""

    nl = "Er ontbreekt nog iets voordat dit gepubliceerd kan worden."
    status = 422


class GateClosed(Problem):
    """The validators do not accept the CSAF document, so it is not published."""

    nl = "De validators accepteren het CSAF-document niet; het wordt niet gepubliceerd."
    status = 422


class ValidatorMissing(Problem):
    """A validator does not answer, so nothing is published now. Tell the operator."""

    nl = "Een validator geeft geen antwoord; er wordt nu niets gepubliceerd. Waarschuw de beheerder."
    status = 503


class UnknownRecipient(Problem):
    """There is no organisation {name} in the register."""

    nl = "Er is geen organisatie {name} in het register."
    status = 422


class ReasonMissing(Problem):
    """Say why, in Dutch and in English: it stands in the version history that readers see."""

    nl = "Zeg waarom, in het Nederlands en in het Engels: het staat in de versiegeschiedenis die lezers zien."
    status = 422
