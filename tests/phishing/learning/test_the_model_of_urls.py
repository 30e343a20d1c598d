"""Learn from data with a licence, measure on domains and days that were not seen, refuse what is worse, never block."""

import csv
import hashlib
import json
import random
import subprocess
import sys
from datetime import date, timedelta

import numpy as np
import pytest

from dijkwacht.rooms.phishing.learning import datasets, measuring, model
from dijkwacht.rooms.phishing.learning.features import DIMENSIONS, features

WORDS = ("bakkerij", "fiets", "tuin", "boek", "school", "markt", "huis", "brood", "water", "kaas", "straat", "molen")
BAIT = ("inloggen", "verify", "account", "secure", "betaling", "pakket", "update", "wallet")


def made(folder, *, phishing=3_000, legitimate=6_000, seed=1, hint=0.8):
    """Two datasets as an installation would have them. `hint`: how often bait shows in a phishing URL."""
    chance = random.Random(seed)

    def name():
        return f"{chance.choice(WORDS)}-{chance.choice(WORDS)}{chance.randrange(10_000)}"

    bad, good = folder / "bad.csv", folder / "good.csv"
    with bad.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["url", "day"])
        for number in range(phishing):
            bait = chance.choice(BAIT) if chance.random() < hint else chance.choice(WORDS)
            day = date(2026, 1, 1) + timedelta(days=number * 300 // phishing)
            out.writerow([f"https://{name()}-{bait}.example/{chance.choice(BAIT + WORDS)}", day.isoformat()])
    with good.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["url"])
        for number in range(legitimate):
            host = f"{name()}.github.io" if number % 3 == 0 else f"{name()}.example"
            out.writerow([f"https://{host}/{chance.choice(WORDS) if number % 3 == 1 else ''}"])
    return [f"phishing:MIT:{bad}", f"legitimate:CC0-1.0:{good}"]


def learned(named):
    parts = [datasets.read(one) for one in named]
    split = measuring.split(datasets.together(parts))
    labels = np.array([row.phishing for row in split.learn])
    return model.trained([row.url for row in split.learn], labels, np.ones(len(labels)), {}), split


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    return learned(made(tmp_path_factory.mktemp("data")))


def test_features_of_one_url_do_not_depend_on_its_neighbours():
    urls = ["https://a.example/b", "https://www.rabobank-inloggen.example/", "https://c.example/d?e=f"]
    indices, bounds = features(urls)
    assert (indices >= 0).all()
    assert (indices < DIMENSIONS).all()
    for number, url in enumerate(urls):
        alone, _ = features([url])
        assert (np.sort(indices[bounds[number] : bounds[number + 1]]) == np.sort(alone)).all()
    host, _ = features(["https://inloggen.example/"])
    path, _ = features(["https://x.example/inloggen"])
    assert len(set(host) & set(path)) < len(set(host)) / 2  # the same letters in the path are another thing


def test_the_split_keeps_domains_and_days_apart(fitted):
    _, split = fitted
    learned_from = {row.domain for row in split.learn} | {row.domain for row in split.choose}
    assert not learned_from & {row.domain for row in split.measure}
    assert {row.day >= split.day for row in split.measure if row.phishing} == {True}
    assert {row.day < split.day for row in split.learn if row.phishing} == {True}


def test_it_ranks_what_it_never_saw(fitted):
    held, split = fitted
    found = measuring.figures(held, split.measure, measuring.threshold_of(held, split.choose))
    assert found.recall["pages"]["0.01"] > 0.3
    assert found.rows["pages"] > 300
    assert found.rows["homepages"] > 300
    assert found.rows["platforms"] > 300
    assert found.recall["pages"]["0.0001"] is None  # too few rows to speak of one in ten thousand


def test_the_same_data_give_the_same_model(tmp_path, fitted):
    again, _ = learned(made(tmp_path))
    assert again.sha256 == fitted[0].sha256


def test_a_model_is_read_as_it_was_written_and_no_other_way(tmp_path, fitted):
    path = tmp_path / "model.npz"
    held = fitted[0]
    model.save(held, path)
    again = model.load(path)
    assert again.sha256 == held.sha256
    assert (again.scores(["https://a.example/"]) == held.scores(["https://a.example/"])).all()
    assert again.scores([]).shape == (0,)
    whole = path.read_bytes()
    for broken in (b"", b"nonsense", whole[:-100], whole[:5000] + b"\0" + whole[5001:]):
        path.write_bytes(broken)
        with pytest.raises(model.UnreadableModelError):
            model.load(path)


def test_a_model_with_another_hash_or_a_pickle_is_refused(tmp_path, fitted):
    path = tmp_path / "model.npz"
    told = json.dumps({"form": 1, "constant": 0.0, "facts": {}, "sha256": hashlib.sha256(b"").hexdigest()})
    for weights in (fitted[0].weights, np.array([object()], dtype=object)):
        with path.open("wb") as file:
            np.savez(file, weights=weights, told=np.frombuffer(told.encode(), dtype=np.uint8))
        with pytest.raises(model.UnreadableModelError):
            model.load(path)


def test_a_model_that_is_worse_at_one_kind_says_which():
    rows = {"phishing": 1, "pages": 1, "homepages": 1, "platforms": 1}
    recall = {kind: {"0.01": 0.5} for kind in datasets.KINDS}
    old = measuring.Figures(0.5, 0.5, recall, dict.fromkeys(datasets.KINDS, 100.0), rows)
    assert measuring.worse(old, old) == []
    new = measuring.Figures(0.5, 0.5, {**recall, "homepages": {"0.01": 0.4}}, {**old.wrong, "platforms": 200.0}, rows)
    assert measuring.worse(new, old) == [
        "homepages: recall 0.4 at 1.00% false positives, was 0.5",
        "platforms: 200 wrong per million, was 100",
    ]


REFUSED = {
    "bad.csv": "write LABEL:LICENCE:SOURCE",
    "phishing:CC-BY-NC-4.0:bad.csv": "licence 'CC-BY-NC-4.0' is none of",
    "nice:MIT:bad.csv": "write LABEL:LICENCE:SOURCE",
    "phishing:MIT:/nowhere.csv": "No such file",
    "phishing:MIT:http://lists.example/x.csv": "an https:// address",
}


@pytest.mark.parametrize("named", REFUSED)
def test_data_without_a_licence_that_permits_are_refused(named):
    with pytest.raises(datasets.UnusableDataError, match=REFUSED[named]):
        datasets.read(named)


def test_every_form_of_a_dataset_is_read(tmp_path):
    (tmp_path / "l.json").write_text('{"name": "x", "list": ["ing.nl", ".rabobank.nl"]}')
    (tmp_path / "l.txt").write_text("# a comment\nhttps://a.example/b#c\nb.example\n\nno url\n")
    (tmp_path / "own.csv").write_text(
        "url,day,label\nhttps://c.example/,2026-01-01,phishing\nhttps://d.example/,,looking\n"
    )
    warning, _ = datasets.read(f"legitimate:CC0-1.0:{tmp_path}/l.json")
    lines, source = datasets.read(f"phishing:MIT:{tmp_path}/l.txt")
    own, _ = datasets.read(f"own:EUPL-1.2:{tmp_path}/own.csv")
    assert [row.url for row in warning] == ["https://ing.nl/", "https://rabobank.nl/"]
    assert [row.url for row in lines] == ["https://a.example/b", "https://b.example/"]
    assert [(row.url, row.phishing, row.day) for row in own] == [("https://c.example/", True, "2026-01-01")]
    assert (source.name, source.rows) == ("l.txt", 2)
    (tmp_path / "bad.csv").write_text("link\nx\n")
    with pytest.raises(datasets.UnusableDataError, match="line 1: there is no column url"):
        datasets.read(f"phishing:MIT:{tmp_path}/bad.csv")


def test_what_people_here_confirmed_wins_and_a_quarrel_of_others_is_left_out():
    def part(label, phishing, *urls):
        rows = [datasets.Row(url, url, phishing, "") for url in urls]
        return rows, datasets.Source(label, label, "MIT", "", len(rows))

    rows = datasets.together(
        [part("phishing", True, "a", "b", "c"), part("legitimate", False, "b", "c"), part("own", False, "c")]
    )
    assert [(row.url, row.phishing, row.weight) for row in rows] == [("a", True, 1.0), ("c", False, 5.0)]


BROKEN = {
    "long.csv": (f'url,day\n"{"x" * 100_000}",\n', "line 2: a URL of over 65,536 characters"),
    "huge.csv": (f'url,day\n"{"x" * 200_000}",\n', "line 2: (no CSV|a URL of over)"),  # by the limit of the process
    "day.csv": (
        "url,day\nhttps://a.example/,2026-01-01\nhttps://b.example/,31-12-2026\n",
        "line 3: '31-12-2026' is no day",
    ),
    "deep.json": ("[" * 100_000, "no MISP warning list"),
    "number.json": ('{"list": 5}', "no MISP warning list"),
    "empty.csv": ("", "line 1: there is no column url"),
    "empty.txt": ("", "holds no URL"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_dataset_that_is_broken_is_said_to_be_and_where(tmp_path, name):
    content, said = BROKEN[name]
    (tmp_path / name).write_text(content)
    with pytest.raises(datasets.UnusableDataError, match=said):
        datasets.read(f"phishing:MIT:{tmp_path}/{name}")


# --- the commands -----------------------------------------------------------------------------------------------------


def run(*arguments):
    words = [sys.executable, "-m", "dijkwacht", "phishing", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_the_commands_train_measure_and_refuse_a_worse_model(tmp_path):
    named, out = made(tmp_path), tmp_path / "model.npz"
    done = run("train", *named, "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("# Model card")
    card = (tmp_path / "model.md").read_text()
    assert "| bad.csv | phishing | MIT |" in card
    assert model.load(out).sha256 in card

    measured = run("benchmark", out, *named, "--json")
    told = json.loads(measured.stdout)
    assert (measured.returncode, told["worse"]) == (0, [])
    assert told["recall"].keys() == {"pages", "homepages", "platforms"}
    assert run("train", *named, "--out", out).returncode == 0  # as good as the installed one

    before = out.read_bytes()
    poor = tmp_path / "poor"
    poor.mkdir()
    unlearned = tmp_path / "unlearned.npz"
    model.save(model.Model(np.zeros(DIMENSIONS, dtype=np.float32), 0.0, model.load(out).facts), unlearned)
    refused = run("benchmark", unlearned, *named, "--beside", out)
    assert refused.returncode == 1
    assert "recall" in refused.stderr
    worse = run("train", *made(poor, hint=0.0), named[0], named[1], "--out", out)
    if worse.returncode:  # refused: what was installed stands
        assert "the installed model is better" in worse.stderr
        assert out.read_bytes() == before


def test_wrong_use_of_the_commands_is_said(tmp_path):
    assert "LABEL:LICENCE:SOURCE" in run("train", "x.csv", "--out", tmp_path / "m.npz").stderr
    (tmp_path / "one.txt").write_text("https://a.example/\n")
    few = run("train", f"phishing:MIT:{tmp_path}/one.txt", "--out", tmp_path / "m.npz")
    assert (few.returncode, "too little data" in few.stderr) == (1, True)
    nowhere = run("train", f"phishing:MIT:{tmp_path}/one.txt", "--out", tmp_path / "none" / "m.npz")
    assert (nowhere.returncode, "no such folder" in nowhere.stderr) == (1, True)
    (tmp_path / "m.npz").write_bytes(b"nonsense")
    assert run("benchmark", tmp_path / "m.npz", f"phishing:MIT:{tmp_path}/one.txt").returncode == 1
