"""Documents as sources would send them, written by hand to the published schemas; small, and valid unless said."""

import json
from datetime import UTC, datetime

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.sourcing import actions, models
from dijkwacht.rooms.advisories.sourcing.reading import File

TAKER = system("tests")


def analyst(name="1"):
    """A person at the desk."""
    identifier = f"00000000-0000-4000-8000-00000000000{name}"
    return Actor(kind=Kind.PERSON, id=identifier, roles=frozenset({CentreRole.ANALYST}), second_factor=True)


AUDITOR = Actor(kind=Kind.PERSON, id="auditor", roles=frozenset({CentreRole.AUDITOR}), second_factor=True)


def csaf(name, *cves, version="1", day=1, namespace="https://vendor.example", title="An advisory", label="WHITE"):
    """A CSAF 2.0 document that names these CVE ids, each for one product; without any, one vulnerability of its own."""
    at = datetime(2026, 11, day, 9, tzinfo=UTC).isoformat().replace("+00:00", "Z")
    product = {"product_id": "P-1", "name": "Vendor Thing < 2.0"}
    leaf = {"category": "product_version_range", "name": "< 2.0", "product": product}
    branch = {"category": "product_name", "name": "Thing", "branches": [leaf]}
    vulnerabilities = [{"cve": cve, "product_status": {"known_affected": ["P-1"]}} for cve in cves] or [
        {"title": title, "product_status": {"known_affected": ["P-1"]}}
    ]
    for one in vulnerabilities:
        one["notes"] = [{"category": "description", "text": f"What is wrong, says {name}."}]
        one["remediations"] = [{"category": "vendor_fix", "details": "Update to 2.0.", "product_ids": ["P-1"]}]
    number = int(version)
    history = [{"number": str(one), "date": at, "summary": "said"} for one in range(1, number + 1)]
    return {
        "document": {
            "category": "csaf_security_advisory",
            "csaf_version": "2.0",
            "title": title,
            "distribution": {"tlp": {"label": label}},
            "notes": [{"category": "summary", "text": f"Summary of {name}"}],
            "publisher": {"category": "vendor", "name": "Vendor", "namespace": namespace},
            "references": [{"category": "self", "summary": "itself", "url": f"https://vendor.example/{name.lower()}"}],
            "tracking": {
                "id": name,
                "status": "final",
                "version": version,
                "initial_release_date": history[0]["date"],
                "current_release_date": at,
                "revision_history": history,
            },
        },
        "product_tree": {"branches": [{"category": "vendor", "name": "Vendor", "branches": [branch]}]},
        "vulnerabilities": vulnerabilities,
    }


def cve(name, *, title="A flaw", ssvc="none", day=1, state="PUBLISHED", vector=""):
    """A CVE record 5.1 with SSVC of an ADP container."""
    at = f"2026-11-{day:02}T08:00:00.000Z"
    options = [{"Exploitation": ssvc}, {"Automatable": "no"}, {"Technical Impact": "partial"}]
    metric = {"other": {"type": "ssvc", "content": {"options": options}}}
    scores = [{"cvssV3_1": {"vectorString": vector}}] if vector else []
    return {
        "dataType": "CVE_RECORD",
        "cveMetadata": {"cveId": name, "state": state, "datePublished": at, "dateUpdated": at},
        "containers": {
            "cna": {
                "title": title,
                "descriptions": [{"lang": "en", "value": f"{name} is wrong."}],
                "affected": [
                    {"vendor": "Vendor", "product": "Thing", "versions": [{"version": "1", "status": "affected"}]}
                ],
                "metrics": scores,
            },
            "adp": [{"providerMetadata": {"shortName": "CISA-ADP"}, "metrics": [metric]}],
        },
    }


def kev(*cves, day=5):
    """The KEV catalogue with these."""
    entries = [
        {
            "cveID": one,
            "dateAdded": f"2026-11-{day:02}",
            "vulnerabilityName": f"{one} Vulnerability",
            "product": "Thing",
        }
        for one in cves
    ]
    return {"catalogVersion": "2026.11.05", "vulnerabilities": entries}


def take(*documents, source="", actor=TAKER):
    """Take documents in, each a file; gives the report."""
    found = [
        File(f"file-{at}.json", one if isinstance(one, bytes) else json.dumps(one).encode())
        for at, one in enumerate(documents)
    ]
    return actions.ingest(actor=actor, files=found, source=source)


def matter_of(name):
    """The matter of a vulnerability, as it is now."""
    with tenancy.acting(TAKER):
        return models.Matter.objects.get(id=models.Vulnerability.objects.get(name=name).matter_id)
