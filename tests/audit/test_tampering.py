"""A thousand and more ways to change a log, by somebody who is superuser of the database and may write every file.

Each is tried inside a transaction that is rolled back, or on files that are put back. The seed is printed by a failure.
"""

import random
import shutil
from uuid import uuid4

import pytest

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit import files
from dijkwacht.platform.audit.findings import Fault

ENTRIES = 300  # a full tile and a partial one
TRIES = {"row": 320, "place": 120, "delete": 160, "reorder": 160, "truncate": 60, "tile": 300, "control": 20}

# How one column of an event is changed to something else. What an intruder would change first comes first.
FLIPS = {
    "actor_id": "actor_id || 'x'",
    "action": "reverse(action)",
    "object_id": "object_id || '0'",
    "object_type": "upper(object_type)",
    "result": "case result when 'ok' then 'refused' else 'ok' end",
    "at": "at + interval '1 microsecond'",
    "origin": "'198.51.100.9'",
    "organisation": "gen_random_uuid()",
    "actor_kind": "'system'",
    "detail": "detail || '{\"number\": -1}'",
    "detail ": "detail - 'share'",
    "detail  ": "jsonb_set(detail, '{share}', '0.10')",
    "detail   ": "jsonb_set(detail, '{words,2}', '\"true\"')",
    "id": "gen_random_uuid()",
}


@pytest.fixture
def full(log):
    log.write(ENTRIES - 10)
    log.write(10, personal={"email": "iris@example.org"})
    assert log.sequence() == ENTRIES
    assert log.verify().ok
    return log


def found(log, server):
    """What verification finds in the intruder's own, uncommitted view of the database."""
    with tenancy.acting(system("test")):
        return log.verify(server).findings


def named(findings):
    return {(finding.index, finding.event) for finding in findings}


def tries(kind):
    return [random.Random(f"{kind}:{number}") for number in range(TRIES[kind])]


def test_a_changed_column_of_a_row_is_named(full):
    events = full.events()
    with full.intruder() as server:
        for number, chance in enumerate(tries("row")):
            index = chance.randrange(ENTRIES)
            column = list(FLIPS)[number % len(FLIPS)]
            server.execute(f"update audit_event set {column} = {FLIPS[column]} where id = %s", [events[index]])
            findings = found(full, server)
            assert (index, events[index]) in named(findings), (number, column)
            assert findings[0].action == "test:thing:change"
            assert findings[0].at
            server.rollback()


def test_a_changed_place_is_named(full):
    events = full.events()
    with full.intruder() as server:
        for number, chance in enumerate(tries("place")):
            index = chance.randrange(ENTRIES)
            if number % 2:
                bit = chance.randrange(256)
                change = f"leaf_hash = set_bit(leaf_hash, {bit}, 1 - get_bit(leaf_hash, {bit}))"
            else:
                change = f"event_id = '{uuid4()}'"
            server.execute(f"update audit_leaf set {change} where index = %s", [index])
            assert (index, events[index]) in named(found(full, server)), number
            server.rollback()


def test_a_deleted_row_is_named(full):
    events = full.events()
    with full.intruder() as server:
        for number, chance in enumerate(tries("delete")):
            chosen = chance.sample(range(ENTRIES), chance.choice([1, 1, 2, 5]))
            gone = [events[index] for index in chosen]
            server.execute("delete from audit_event where id = any(%s::uuid[])", [gone])
            if number % 2:
                server.execute("delete from audit_leaf where event_id = any(%s::uuid[])", [gone])
            findings = found(full, server)
            assert {(index, events[index]) for index in chosen} <= named(findings), number
            assert Fault.REMOVED in {finding.fault for finding in findings}
            server.rollback()


def test_a_reordered_log_is_named(full):
    events = full.events()
    with full.intruder() as server:
        for number, chance in enumerate(tries("reorder")):
            one, two = chance.sample(range(ENTRIES), 2)
            with_hash = number % 2
            for index, event in ((-1, events[one]), (one, events[two]), (two, events[one])):
                server.execute("update audit_leaf set index = %s where event_id = %s", [index, event])
            if not with_hash:
                server.execute(
                    "update audit_leaf a set leaf_hash = b.leaf_hash from audit_leaf b"
                    " where (a.index, b.index) in ((%s, %s), (%s, %s))",
                    [one, two, two, one],
                )
            findings = found(full, server)
            assert {(one, events[one]), (two, events[two])} <= named(findings), number
            assert Fault.REORDERED in {finding.fault for finding in findings}
            server.rollback()


def test_a_truncated_log_is_named(full):
    events = full.events()
    with full.intruder() as server:
        for number, chance in enumerate(tries("truncate")):
            start = chance.randrange(ENTRIES)
            server.execute("delete from audit_event where id = any(%s::uuid[])", [events[start:]])
            if number % 2:
                server.execute("delete from audit_leaf where index >= %s", [start])
            findings = found(full, server)
            assert {(index, events[index]) for index in range(start, ENTRIES)} <= named(findings), number
            server.rollback()


def test_a_changed_file_is_named(full):
    events = full.events()
    paths = sorted(path for path in full.folder.rglob("*") if path.is_file())
    for number, chance in enumerate(tries("tile")):
        path = paths[number % len(paths)]
        content = path.read_bytes()
        place = chance.randrange(len(content))
        kind = chance.choice(["flip", "flip", "flip", "cut", "longer", "gone"])
        if kind == "flip":
            path.write_bytes(
                content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]
            )
        elif kind == "cut":
            path.write_bytes(content[:place])
        elif kind == "longer":
            path.write_bytes(content + chance.randbytes(1 + place % 40))
        else:
            path.unlink()
        findings = full.verify().findings
        name = str(path.relative_to(full.folder))
        if name == "checkpoint":  # gone: the one in the database still stands, and the next run publishes it again
            assert findings or kind == "gone", (number, kind)
        else:
            assert findings, (number, name, kind)
            assert {finding.fault for finding in findings} <= {Fault.TILE, Fault.BUNDLE}
        if kind == "flip" and name.startswith("tile/0/"):
            index = int(name[7:10]) * 256 + place // 32
            assert named(findings) == {(index, events[index])}
        path.write_bytes(content)


def test_all_witnesses_changed_alike_still_miss_the_signature(full):
    """An intruder who rewrites row, place and all files as our own code would, but has no key."""
    events = full.events()
    old = {path: path.read_bytes() for path in full.folder.rglob("*") if path.is_file()}
    history = full.folder / "checkpoint"
    for chance in tries("control"):
        index = chance.randrange(ENTRIES)
        with full.intruder() as server:
            server.execute("update audit_event set actor_id = 'nobody' where id = %s", [events[index]])
            rewrite(full, server)
            findings = found(full, server)
            assert [finding.fault for finding in findings] == [Fault.NOT_SIGNED], index
            server.rollback()
        for path, content in old.items():
            path.write_bytes(content)
        assert history.exists()
    assert full.verify().ok


def rewrite(log, server):
    """Make places and tiles anew from the rows, as if they had always been so."""
    from dijkwacht.platform.audit import leaf, merkle

    server.execute(leaf.SESSION)
    query = f"select {leaf.SELECT} from audit_leaf l join audit_event e on e.id = l.event_id order by l.index"
    entries = [leaf.entry(row) for row in server.execute(query).fetchall()]
    shutil.rmtree(log.folder / "tile")
    files.tiles().append(0, entries)
    for index, entry in enumerate(entries):
        server.execute("update audit_leaf set leaf_hash = %s where index = %s", [merkle.leaf_hash(entry), index])


def test_a_rewritten_log_is_narrowed_down_by_earlier_checkpoints(log):
    for _ in range(6):
        log.write(50)
        log.sequence()
    events = log.events()
    with log.intruder() as server:
        server.execute("update audit_event set actor_id = 'nobody' where id = %s", [events[130]])
        rewrite(log, server)
        finding = found(log, server)[0]
        server.rollback()
    assert finding.fault is Fault.NOT_SIGNED
    assert (finding.index, "100 to 299" in finding.note) == (100, True)


def test_a_log_put_back_whole_to_an_older_state_is_caught_by_a_saved_checkpoint(log):
    log.write(40)
    log.sequence()
    older = shutil.copytree(log.folder, log.home / "older")
    log.write(5)
    log.sequence()
    saved = files.signer().verifier.open((log.folder / "checkpoint").read_text())
    with log.intruder() as server:
        gone = log.events()[40:]
        server.execute("delete from audit_event where id = any(%s::uuid[])", [gone])
        server.execute("delete from audit_leaf where index >= 40")
        server.execute("delete from audit_checkpoint where size > 40")
        server.commit()
    shutil.rmtree(log.folder)
    older.rename(log.folder)
    assert log.verify().ok  # without a witness outside this cannot be seen
    finding = log.verify(earlier=saved).findings[0]
    assert (finding.fault, finding.index) == (Fault.TRUNCATED, 40)


def test_a_log_begun_anew_is_caught_by_a_saved_checkpoint(log):
    log.write(40)
    log.sequence()
    saved = files.signer().verifier.open((log.folder / "checkpoint").read_text())
    with log.intruder() as server:
        server.execute("update audit_event set actor_id = 'nobody' where id = %s", [log.events()[7]])
        server.execute("truncate audit_leaf, audit_checkpoint")
        server.execute("insert into audit_pending select id from audit_event")
        server.commit()
    shutil.rmtree(log.folder)
    log.sequence()
    log.write(3)
    log.sequence()
    assert log.verify().ok
    assert [finding.fault for finding in log.verify(earlier=saved).findings] == [Fault.FORKED]


def test_an_event_taken_out_of_the_queue_is_named(log):
    log.write(2)
    with log.intruder() as server:
        server.execute("delete from audit_pending")
        server.commit()
    findings = log.verify().findings
    assert [finding.fault for finding in findings] == [Fault.UNSEQUENCED] * 2
    assert all(finding.event and finding.at and finding.action for finding in findings)


def test_an_event_removed_before_it_had_a_place_is_named(log):
    event = str(log.write(1)[0])
    with log.intruder() as server:
        server.execute("delete from audit_event")
        server.commit()
    assert [(finding.fault, finding.event) for finding in log.verify().findings] == [(Fault.REMOVED, event)]


def test_a_changed_personal_value_is_named_and_an_erased_one_is_not(full):
    with full.intruder() as server:
        erased, one, two = [row[0] for row in server.execute("select event_id from audit_personal limit 3").fetchall()]
        server.execute("delete from audit_personal where event_id = %s", [erased])
        assert found(full, server) == []
        server.execute(
            "update audit_personal a set sealed = b.sealed from audit_personal b"
            " where a.event_id = %s and b.event_id = %s",
            [one, two],
        )
        findings = found(full, server)
        assert [(finding.fault, finding.event) for finding in findings] == [(Fault.PERSONAL, str(one))]
        server.rollback()
