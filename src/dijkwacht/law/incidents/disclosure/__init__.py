"""What of a record may go to whom outside: taken out by kind, with what and why recorded. Pure: no Django."""

from dijkwacht.law.incidents.disclosure.redacting import Redacted, Removed, redacted
from dijkwacht.law.incidents.disclosure.treatment import Audience, Treatments, house_treatments

__all__ = ["Audience", "Redacted", "Removed", "Treatments", "house_treatments", "redacted"]
