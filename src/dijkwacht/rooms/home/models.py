"""When somebody last looked. Everything else on these pages belongs to other rooms."""

from django.db import models

from dijkwacht.platform.belonging import STAYS


class Visit(models.Model):
    """The latest visit of a person to an organisation's home, and the one before it: what came since is new."""

    row_owner = "account"
    when_joined = {"organisation_id": STAYS + "a person looks at the kept one for the first time"}
    account = models.UUIDField()
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    before = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "organisation"], name="a_visit_per_person")]
