"""The suggestion beside what was exploited later: recall and precision, with what was known before.

    python bench/advisories_suggestion.py CVE_FOLDER KEV_FILE

What can be known of these sets: a CVE record holds CVSS vectors of its CNA and of CISA, and CISA's SSVC with the moment
it was made; the catalogue (KEV) holds the day a vulnerability was listed. What cannot: EPSS of past days is not in
them, nor older versions of a record. So:
- an SSVC that was made on or after the day of the listing is left out, for it may only repeat it: else a suggestion
  would "foresee" what it was told;
- CVSS vectors carry no date; CNAs rarely change them, and where they did after exploitation we cannot see it;
- what is not in KEV may be exploited all the same: a "false" alarm here is only one that CISA did not list;
- the set of records is what CISA enriched (most from 2024 on), not all CVEs.
"""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from dijkwacht.feeds.advisories.cve.parse import parse
from dijkwacht.feeds.advisories.kev.parse import parse as parse_kev
from dijkwacht.feeds.advisories.model import Item
from dijkwacht.rooms.advisories.assessing.questionnaire import load
from dijkwacht.rooms.advisories.assessing.rules import Outcome
from dijkwacht.rooms.advisories.assessing.suggesting import suggest
from dijkwacht.rooms.advisories.facts import MatterFacts, Said, Score, VulnerabilityFacts

STAMP = re.compile(rb'"timestamp":\s*"([^"]{10,40})"')
NOW = datetime.now(UTC)


def facts(item: Item, ssvc: list[tuple[str, str]]) -> MatterFacts:
    named = item.vulnerabilities[0]
    scores = tuple(Score(one.vector, one.version, one.base, one.source) for one in named.scores)
    known = VulnerabilityFacts(named.name, (), (), (), scores, tuple(ssvc), None, None, None, False, named.published)
    remedies = tuple(Said("cna", one) for one in item.remedies)
    return MatterFacts(UUID(int=0), item.title, (known,), (), remedies, (), NOW, NOW)


def main(folder: str, kev_file: str) -> None:
    known = load()
    listed = {
        item.key: item.vulnerabilities[0].exploited_since
        for item in parse_kev(Path(kev_file).read_bytes(), "kev").items
    }
    rows = []
    for path in sorted(Path(folder).rglob("CVE-*.json")):
        raw = path.read_bytes()
        for item in parse(raw, path.name).items:
            if item.withdrawn or not item.published:
                continue
            day = listed.get(item.key)
            stamps = [one.decode()[:10] for one in STAMP.findall(raw)]
            ssvc = item.vulnerabilities[0].ssvc
            late = day is not None and any(one >= day.isoformat() for one in stamps)
            found = suggest(facts(item, [] if late else ssvc), known).outcome
            rows.append((day is not None, bool(item.vulnerabilities[0].scores), late, found, bool(ssvc)))
    told(rows)


def told(rows: list[tuple[bool, bool, bool, Outcome, bool]]) -> None:
    exploited = [row for row in rows if row[0]]
    late = sum(row[2] for row in exploited)
    blind = [row for row in exploited if not row[1] and (row[2] or not row[4])]
    print(f"{len(rows):,} records, {len(exploited)} of them listed in KEV ({len(exploited) / len(rows):.2%})")
    print(f"of the listed, SSVC was made on or after the listing and left out: {late}; without any score: {len(blind)}")
    for name, test in (
        ("likelihood high", lambda one: one.likelihood == "high"),
        ("likelihood medium or high", lambda one: one.likelihood != "low"),
        ("impact high", lambda one: one.impact == "high"),
        ("high and high", lambda one: (one.likelihood, one.impact) == ("high", "high")),
        ("label urgent", lambda one: one.label == "urgent"),
    ):
        flagged = [row for row in rows if test(row[3])]
        hit = sum(row[0] for row in flagged)
        share = len(flagged) / len(rows)
        print(
            f"{name:<26} recall {hit / len(exploited):6.1%}  precision {hit / max(1, len(flagged)):6.2%}  "
            f"flagged {share:6.1%} of all, so {hit / len(exploited) / share if share else 0:4.1f} times chance"
        )


if __name__ == "__main__":
    main(*sys.argv[1:3])
