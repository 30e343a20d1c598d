"""What this room refuses, and how it says so. A docstring is the English text, `nl` the Dutch one."""

from dijkwacht.kernel.errors import Problem


class NotAllowed(Problem):
    """You may not do this."""

    nl = "U mag dit niet doen."
    status = 403


class NotFound(Problem):
    """There is no such {what}, or you may not see it."""

    nl = "Er is geen {what_nl} met dit kenmerk, of u mag het niet zien."
    status = 404


class TextNotUsable(Problem):
    """The text cannot be used: {fault}."""

    nl = "De tekst is niet bruikbaar: {fault}."
    status = 422


class ChangedMeanwhile(Problem):
    """Somebody else changed this meanwhile: it is version {version} now. Nothing of yours was written over theirs."""

    nl = "Iemand anders heeft dit intussen gewijzigd: het is nu versie {version}. Er is niets overschreven."
    status = 409


class NameTaken(Problem):
    """There is a measure called {name} already, or somebody is writing one: revise that, or choose another name."""

    nl = "Er is al een maatregel met de naam {name}, of iemand schrijft eraan: herzie die, of kies een andere naam."
    status = 409


class OwnRevision(Problem):
    """Who wrote a revision cannot approve it: ask a second person."""

    nl = "Wie een herziening schreef, kan haar niet goedkeuren: vraag een tweede persoon."
    status = 409


class NotWaiting(Problem):
    """This revision waits for nobody any more: it is {state}."""

    nl = "Deze herziening wacht op niemand meer: zij is {state}."
    status = 409


class AnswersNotUsable(Problem):
    """The answers cannot be used: {fault}."""

    nl = "De antwoorden zijn niet bruikbaar: {fault}."
    status = 422


class ItemNotUsable(Problem):
    """The line of the plan cannot be used: {fault}."""

    nl = "De regel van het plan is niet bruikbaar: {fault}."
    status = 422


class InvalidKnowledge(Problem, ValueError):
    """The knowledge file {file} is not in order: {fault}."""

    nl = "Het kennisbestand {file} is niet in orde: {fault}."
