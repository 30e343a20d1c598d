from typing import Any

from django.apps import AppConfig


class ProofConfig(AppConfig):
    name = "dijkwacht.rooms.proof"
    label = "proof"

    def ready(self) -> None:
        """Show the officer who decides a conflict what either side has shown; hear who left; hand in the terms."""
        from dijkwacht.rooms.proof.keeping import holding
        from dijkwacht.rooms.proof.reads import evidence_for
        from dijkwacht.rooms.registry import events
        from dijkwacht.rooms.registry.evidence import register_evidence
        from dijkwacht.rooms.registry.keeping import holdings

        register_evidence(evidence_for)
        holdings.register(holding.HOLDING)
        events.organisation_left.connect(_organisation_left, dispatch_uid="proof:leaving")


def _organisation_left(**said: Any) -> None:
    from dijkwacht.rooms.proof import leaving

    leaving.on_organisation_left(**said)
