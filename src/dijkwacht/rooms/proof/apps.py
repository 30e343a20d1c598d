from django.apps import AppConfig


class ProofConfig(AppConfig):
    name = "dijkwacht.rooms.proof"
    label = "proof"

    def ready(self) -> None:
        """Show the officer who decides a conflict what either side has shown."""
        from dijkwacht.rooms.proof.reads import evidence_for
        from dijkwacht.rooms.registry.evidence import register_evidence

        register_evidence(evidence_for)
