"""Answers kept for a day, so that a repeated POST with the same Idempotency-Key changes nothing twice."""

from django.db import models
from django.utils import timezone


class KeptAnswer(models.Model):
    """The answer once given to an actor's key, with the hash of the request it answered."""

    row_owner = ""
    actor_id = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    request_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_id", "key"], name="one_answer_per_key")]
