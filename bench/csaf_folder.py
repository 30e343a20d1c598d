"""Five thousand advisories in the folder of a trusted provider: what one more costs, written to disk and served.

    python bench/csaf_folder.py [--documents 5000]

Makes a database of its own (embedded, in a temporary folder). The documents are filed as publication files them, their
gate left out: the validators are measured apart, on one document.
"""

import argparse
import os
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path


def cpu() -> float:
    """CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def row(name: str, began: tuple[float, float], note: str = "") -> None:
    print(f"| {name} | {cpu() - began[1]:.2f} | {time.perf_counter() - began[0]:.2f} | {note} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=5000)
    wanted = parser.parse_args().documents
    home = tempfile.mkdtemp(prefix="publish-bench-")
    os.environ["DIJKWACHT_HOME"] = home
    os.environ.setdefault("DIJKWACHT_NODE_MODULES", str(Path("var/frontend/node_modules").absolute()))
    import subprocess
    import sys

    subprocess.run([sys.executable, "-m", "dijkwacht", "migrate"], check=True, stdout=subprocess.DEVNULL)
    from dijkwacht.__main__ import set_up_django

    set_up_django()
    try:
        measure(wanted, Path(home))
    finally:
        from dijkwacht.platform.database.embedded import EmbeddedServer

        EmbeddedServer(Path(home) / "postgres").stop()


def measure(wanted: int, home: Path) -> None:
    import msgspec

    from dijkwacht.kernel.actor import ANONYMOUS, system
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.advisories.demo import GATE
    from dijkwacht.rooms.advisories.publishing import csaf, filing, gate, served, writing_out
    from dijkwacht.rooms.advisories.publishing.gate import Checked
    from dijkwacht.rooms.advisories.validating.verdict import Verdict
    from dijkwacht.rooms.advisories.writing.content import Revision, Text, encode
    from dijkwacht.rooms.advisories.writing.models import Advisory
    from dijkwacht.rooms.advisories.writing.releasing import release_of

    me = system("bench")

    def file(at: int) -> None:
        made = Advisory.objects.create(content=encode(GATE), number=f"DW-{2020 + at % 7}-{at:04d}", changed_by="bench")
        moment = datetime(2020 + at % 7, 3, 1, tzinfo=UTC) + timedelta(minutes=at)
        release = msgspec.structs.replace(release_of(made), history=(Revision(1, moment, Text(nl="a", en="b")),))
        folder = f"{release.base}/x"
        checked = [
            Checked(one, csaf.serialised(csaf.document(release, one, folder)), Verdict(one, ()))
            for one in csaf.VERSIONS
        ]
        filing.file(made, release, checked, written_by="bench", approved_by="other")

    print("| what | CPU s | s | |\n|---|---|---|---|")
    began = time.perf_counter(), cpu()
    with tenancy.acting(me):
        for at in range(wanted):
            file(at)
    row(f"file {wanted} advisories (2 documents each, signed)", (began[0], began[1]))
    out = home / "out"
    began = time.perf_counter(), cpu()
    done = writing_out.write(out)
    row("write the whole folder", began, f"{done.documents} documents, {done.files} files")
    with tenancy.acting(me):
        file(wanted)
    began = time.perf_counter(), cpu()
    done = writing_out.write(out)
    row("one more: write again", began, f"{done.linked} documents linked, {done.files} files written")
    for name in ("first", "again"):
        began = time.perf_counter(), cpu()
        with tenancy.acting(ANONYMOUS):
            rows = served.documents(ANONYMOUS, "2.0", "white")
            found = served.made(rows, "2.0", "white", "feed-tlp-white.json", keep=True)
        row(f"serve the feed, {name}", began, f"{len(found[1]) / 1e6:.1f} MB")
    with tenancy.acting(me):
        release = release_of(Advisory.objects.first())
        for name in ("cold", "warm"):
            began = time.perf_counter(), cpu()
            gate.check(release)
            row(f"the gate, {name}: both validators, 2.0 and 2.1", began, "CPU without node's")


if __name__ == "__main__":
    main()
