"""Changes: what sources say about people goes after its term."""

from datetime import datetime

from django.db import transaction
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.advisories.sourcing import gathering, models
from dijkwacht.rooms.advisories.sourcing.errors import NotAllowed


@transaction.atomic
def erase_mails(*, actor: Actor, before: datetime) -> int:
    """Erase the words of mails that came in before a moment, and what was set aside of them; a daily job.

    The item stays with its CVE ids and its moment, without subject and text. Gives how many. Raises NotAllowed.
    """
    if not allows(actor, "advisories:write"):
        raise NotAllowed
    rows = models.ItemVersion.objects.filter(personal=True, erased_at=None, at__lt=before)
    items = [*rows.values_list("item_id", flat=True).distinct()]
    erased = rows.update(raw=b"", said=b"", erased_at=timezone.now())
    models.Item.objects.filter(id__in=items, kind="mail").update(
        title="", publisher="", key=Concat(Value("erased "), Cast("id", TextField()))
    )
    names = [*models.Naming.objects.filter(item_id__in=items).values_list("name", flat=True)]
    models.Naming.objects.filter(item_id__in=items).update(title="")
    models.SetAside.objects.filter(kind="mail", at__lt=before, raw__isnull=False).update(raw=None, findings=[])
    done = gathering.Gathered()
    matters = models.Vulnerability.objects.filter(name__in=names).values_list("matter_id", flat=True)
    gathering.sum_up(set(matters), done)
    if erased:
        record(actor=actor, action="advisories:mails:erase", target=("mails", "old"), detail={"erased": erased})
    return erased
