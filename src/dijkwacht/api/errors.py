"""What the API itself can refuse. A room's own problems stand in its own errors.py."""

from dijkwacht.kernel.errors import Problem


class SignInFirst(Problem):
    """Give a valid token, or sign in."""

    nl = "Geef een geldige sleutel, of meld u aan."
    status = 401


class Forbidden(Problem):
    """You may not use this; it needs the permission {permission}."""

    nl = "U mag dit niet gebruiken; het vraagt het recht {permission}."
    status = 403


class SecondFactorMissing(Problem):
    """Sign in with a second factor first."""

    nl = "Meld u eerst aan met een tweede factor."
    status = 403


class FormTokenMissing(Problem):
    """The request of a signed-in browser lacks its X-CSRFToken header."""

    nl = "Het verzoek van een aangemelde browser mist zijn X-CSRFToken-kop."
    status = 403


class NotFound(Problem):
    """There is nothing here, or nothing of yours."""

    nl = "Hier is niets, of niets van u."
    status = 404


class MethodNotAllowed(Problem):
    """This address does not take this method."""

    nl = "Dit adres kent deze methode niet."
    status = 405


class InvalidRequest(Problem):
    """The request has fields that cannot be used; see `errors`."""

    nl = "Het verzoek heeft velden die niet bruikbaar zijn; zie `errors`."
    status = 422


class UnreadableBody(Problem):
    """The body is not readable JSON."""

    nl = "De inhoud is geen leesbare JSON."
    status = 400


class UnreadableAddress(Problem):
    """The address holds characters that cannot be used."""

    nl = "Het adres bevat onbruikbare tekens."
    status = 400


class BodyTooLarge(Problem):
    """The body is larger than {bytes} bytes."""

    nl = "De inhoud is groter dan {bytes} bytes."
    status = 413


class TooManyRequests(Problem):
    """Too many requests; try again in {seconds} seconds."""

    nl = "Te veel verzoeken; probeer het over {seconds} seconden opnieuw."
    status = 429


class Crowded(Problem):
    """Too many requests come in at once; nothing of this one was done. Send it again in {seconds} seconds."""

    nl = "Er komen te veel verzoeken tegelijk; hiervan is niets gedaan. Stuur het over {seconds} seconden opnieuw."
    status = 503


class DatabaseAway(Problem):
    """The database does not answer; nothing of this request was done. Send it again in {seconds} seconds."""

    nl = "De database antwoordt niet; van dit verzoek is niets gedaan. Stuur het over {seconds} seconden opnieuw."
    status = 503


class KeptInDoubt(Problem):
    """The database went away while it kept this; look whether it did, or send it again with its Idempotency-Key."""

    nl = "De database viel weg terwijl zij dit bewaarde; kijk of het er is, of stuur het weer met zijn Idempotency-Key."
    status = 503


class InvalidCursor(Problem):
    """The cursor was not given by this list, or not to you."""

    nl = "De cursor kwam niet van deze lijst, of niet voor u."
    status = 422


class InvalidIdempotencyKey(Problem):
    """An Idempotency-Key has 1 to 255 visible ASCII characters."""

    nl = "Een Idempotency-Key heeft 1 tot 255 zichtbare ASCII-tekens."
    status = 400


class IdempotencyKeyReused(Problem):
    """This Idempotency-Key was used for another request."""

    nl = "Deze Idempotency-Key is voor een ander verzoek gebruikt."
    status = 422


class RequestInProgress(Problem):
    """A request with this Idempotency-Key is being handled."""

    nl = "Een verzoek met deze Idempotency-Key is in behandeling."
    status = 409


class InternalError(Problem):
    """Something went wrong on our side; nothing was changed."""

    nl = "Er ging bij ons iets mis; er is niets gewijzigd."
    status = 500
