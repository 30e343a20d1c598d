"""What the answers do all the time."""

from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.ticks import every
from dijkwacht.rooms.phishing.answers import actions, tasks
from dijkwacht.rooms.phishing.answers.models import Answer


@every(2, "phishing:answers")
def answer() -> None:
    """Ask for the answers that are due."""
    with tenancy.acting(actions.POSTMAN):
        due = Answer.objects.filter(due_at__lte=timezone.now()).exists()
    if due:
        tasks.ask_answer()


@every(86400, "phishing:forget-answers")
def forget() -> None:
    """Erase where answers went when their term is over."""
    with tenancy.acting(actions.POSTMAN) as actor:
        actions.forget_old(actor=actor, now=timezone.now())
