"""The facts of a disclosure in words: what `law.facts` knows by a name and a code."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

FACTS: Final[Mapping[str, Any]] = {
    "receiver_class": _("Class of the receiver under the law"),
    "information": _("Kind of information"),
    "personal_data": _("Personal data, beyond the address itself"),
    "confidential": _("Confidential data about an entity (Cbw 66)"),
    "source_terms": _("To whom the source lets its data go"),
    "tlp": _("Label (TLP)"),
    "pap": _("Permitted actions (PAP)"),
    "asset_status": _("Whether the address was shown to be its own"),
    "on": _("Day of the decision"),
    "country": _("Country of the receiver"),
    "named_receiver": _("The source named this receiver"),
    "relay": _("Its relay"),
    "network_owner": _("A network owner is known and reachable"),
    "has_direct_contact": _("The organisation itself is reachable"),
    "necessary": _("Necessary (Cbw 66(1))"),
    "proportionate": _("Limited and proportionate (Cbw 66(1))"),
    "confidentiality_guaranteed": _("Confidentiality is guaranteed (Cbw 66(1))"),
    "interests_protected": _("The interests of the entity are protected (Cbw 66(1))"),
    # Of the relay.
    "status": _("state in the network"),
    "covers": _("its mandate covers this"),
    "confidentiality": _("it signed for confidentiality"),
    "mandatory": _("everything goes through it"),
    "copy": _("it gets a copy"),
    "designated_team": _("designated team under the Wbni"),
}
# What `templatetags.notification_tags.WORDS` does not say, or says of something else.
VALUES: Final[Mapping[str, Any]] = {
    "essential": _("essential entity"),
    "important": _("important entity"),
    "other": _("other organisation"),
    "citizen": _("citizen"),
    "foreign": _("organisation in another country"),
    "any-recipient": _("anybody whom it concerns"),
    "constituency": _("whom the centre serves"),
    "named-recipients": _("whom the source names"),
    "no-redistribution": _("nobody else"),
    "verified": _("shown to be its own"),
    "claimed": _("claimed, not shown yet"),
    "disputed": _("claimed by others too"),
    "expired": _("no longer its own"),
    "active": _("takes part"),
    "suspended": _("suspended"),
    "withdrawn": _("withdrawn"),
}
