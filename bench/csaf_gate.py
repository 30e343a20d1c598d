"""Real CSAF advisories made into advisories of ours: how many pass the gate, by which test others are refused.

    python bench/csaf_gate.py FOLDER [--node] [--most 200]

FOLDER holds CSAF documents of others, such as a clone of cisagov/CSAF. Each is read as a source is, drafted, given the
texts that a writer adds, and judged in 2.0 and 2.1; with --node by the second validator too.
"""

import argparse
import json
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import msgspec

from dijkwacht.feeds.advisories.csaf import parse
from dijkwacht.rooms.advisories.facts import MatterFacts, Reference, Said, Score, VulnerabilityFacts
from dijkwacht.rooms.advisories.publishing import csaf
from dijkwacht.rooms.advisories.validating import judging, python_validator
from dijkwacht.rooms.advisories.writing.content import Content, Publisher, Release, Revision, Text
from dijkwacht.rooms.advisories.writing.drafting import draft
from dijkwacht.rooms.advisories.writing.library import courses

AT = datetime(2026, 11, 26, tzinfo=UTC)
PARTY = Publisher("Dijkwacht", "https://dijkwacht.example", "csirt@dijkwacht.example")
BASE = "https://dijkwacht.example/.well-known/csaf"


def drafted(raw: bytes) -> Content:
    """The advisory that a writer would begin with, its texts filled in."""
    item = parse.item(json.loads(raw), raw)
    known = tuple(
        VulnerabilityFacts(
            one.name,
            (Said("x", one.title),) if one.title else (),
            tuple(Said("x", text.text, text.language) for text in one.descriptions),
            tuple(one.weaknesses),
            tuple(Score(score.vector, score.version, score.base, score.source) for score in one.scores),
            (),
            None,
            None,
            one.exploited_since,
            one.ransomware,
            one.published,
        )
        for one in item.vulnerabilities
    )
    links = tuple(Reference(one.url, one.title, "x") for one in item.references)
    remedies = tuple(Said("x", one) for one in item.remedies)
    facts = MatterFacts(uuid4(), item.title, known, tuple(item.statements), remedies, links, AT, AT)
    made = draft(facts)
    text = Text(nl="Tekst van de schrijver.", en="Text of the writer.")
    more = {"title": text, "summary": text, "what": text, "courses": (courses()["update"],)}
    return msgspec.structs.replace(made, likelihood="high", impact="high", **more)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--node", action="store_true")
    parser.add_argument("--most", type=int, default=200)
    asked = parser.parse_args()
    counts, refused, products, began = Counter(), Counter(), 0, time.process_time()
    for path in sorted(asked.folder.rglob("*.json"))[: asked.most]:
        content = drafted(path.read_bytes())
        products += sum(len(one.lines) for one in content.vulnerabilities)
        page = "https://dijkwacht.example/advisories/DW-2026-0001"
        first = (Revision(1, AT, Text(nl="Eerste", en="First")),)
        release = Release("DW-2026-0001", content, first, PARTY, BASE, page)
        for version in csaf.VERSIONS:
            document = judging.read(csaf.serialised(csaf.document(release, version, f"{BASE}/v{version}/x")))
            opinions = [python_validator.judge(document, version, remarks=False)]
            if asked.node:
                opinions = list(judging.judge(document, remarks=False).opinions)
            for one in opinions:
                counts[version, one.validator, one.accepts] += 1
                refused.update((version, each.test, each.says[:90]) for each in one.found if each.refuses)
    print(f"{products} lines of products, {time.process_time() - began:.1f} CPU s without node")
    print("| CSAF | validator | accepts | documents |\n|---|---|---|---|")
    for (version, validator, accepts), count in sorted(counts.items()):
        print(f"| {version} | {validator} | {'yes' if accepts else 'no'} | {count} |")
    for (version, test, says), count in refused.most_common(20):
        print(f"{count} times CSAF {version}, {test}: {says}")


if __name__ == "__main__":
    main()
