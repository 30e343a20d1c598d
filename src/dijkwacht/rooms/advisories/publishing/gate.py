"""The gate: a version is published only when both validators accept its documents in both versions of CSAF."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256, sha512

from django.conf import settings

from dijkwacht.rooms.advisories.publishing import csaf, folder
from dijkwacht.rooms.advisories.publishing.csaf import Csaf
from dijkwacht.rooms.advisories.validating import judging
from dijkwacht.rooms.advisories.validating.verdict import Finding, NotThere, Verdict
from dijkwacht.rooms.advisories.writing.content import Release
from dijkwacht.rooms.advisories.writing.errors import GateClosed, ValidatorMissing


@dataclass(frozen=True, slots=True)
class Checked:
    """A document as it will be published, and what the validators say of exactly these bytes."""

    csaf: Csaf
    body: bytes
    verdict: Verdict

    @property
    def sha256(self) -> str:
        return sha256(self.body).hexdigest()

    @property
    def sha512(self) -> str:
        return sha512(self.body).hexdigest()


def check(release: Release) -> list[Checked]:
    """Make the documents of a version and have them judged. Raises ValidatorMissing."""
    found = []
    for version in csaf.VERSIONS:
        where = f"{release.base}/{folder.root(version)}/{folder.FOLDERS[version][release.content.tlp]}"
        body = csaf.serialised(csaf.document(release, version, where))
        try:
            verdict = judging.judge(judging.read(body), modules=settings.NODE_MODULES, remarks=False)
        except NotThere as error:
            raise ValidatorMissing(str(error)) from error
        found.append(Checked(version, body, verdict))
    return found


def refusals(checked: Sequence[Checked]) -> list[tuple[Csaf, Finding]]:
    """Give what refuses, per version of CSAF."""
    return [(one.csaf, finding) for one in checked for finding in one.verdict.refusals()]


def pass_(release: Release) -> list[Checked]:
    """Give the documents of a version that both validators accept. Raises GateClosed, ValidatorMissing."""
    checked = check(release)
    found = refusals(checked)
    if found:
        told = "; ".join(f"CSAF {version}, {one.test} at {one.place or '/'}: {one.says}" for version, one in found[:5])
        raise GateClosed(told[:1500])
    return checked
