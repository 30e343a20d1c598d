"""What can be found.

Under row-level security an index answers only for leakproof operators, which full-text search has not. So what is
searched stands apart, in a schema that the application cannot enter, kept by triggers (migration 0002); a function of
the owner answers from it with numbers of documents, and their texts are read here, under row-level security.
"""

from django.db import models
from django.utils import timezone


class Document(models.Model):
    """One text in one language. Row-level security shows everybody only what is public and published."""

    row_owner = ""
    row_also_read = "(audience = 'public' and published_at <= now())"
    id = models.BigAutoField(primary_key=True)
    room = models.CharField(max_length=30)  # who registered it
    key = models.CharField(max_length=120)  # its name there
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=300)
    summary = models.CharField(max_length=500, blank=True)
    keywords = models.TextField(blank=True)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300)
    audience = models.CharField(max_length=6, default="public")  # public, centre
    published_at = models.DateTimeField(default=timezone.now)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("room", "key", "language")
        constraints = [models.UniqueConstraint(fields=["room", "key", "language"], name="one_document_per_language")]
