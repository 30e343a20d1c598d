"""What is known of the ages of domains."""

from collections.abc import Iterable

from django.utils import timezone

from . import rules
from .models import DomainAge


def days(hosts: Iterable[str]) -> dict[str, str]:
    """Give by host the day on which its domain was registered, where its registry said so and that still holds."""
    domains = {host: domain for host in hosts if (domain := rules.domain_of(host))}
    rows = DomainAge.objects.filter(domain__in={*domains.values()}, state="known", until__gt=timezone.now())
    known = {domain: day.isoformat() for domain, day in rows.values_list("domain", "day") if day}
    return {host: known[domain] for host, domain in domains.items() if domain in known}


def is_wanted(domain: str) -> bool:
    """Whether a registry is to be asked: nothing is known of it, or no longer."""
    return bool(domain) and not DomainAge.objects.filter(domain=domain, until__gt=timezone.now()).exists()
