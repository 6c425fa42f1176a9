from __future__ import annotations

import os
from pathlib import Path

import pytest

from setout.validation import store
from setout.validation.store import Store

KEY = store.key("a", 1)


def entry(folder: Path) -> Path:
    (found,) = folder.glob("??/*")
    return found


def test_what_is_put_comes_back(tmp_path: Path) -> None:
    Store(tmp_path).put(KEY, {"b": [1, "ü", None]})
    assert Store(tmp_path).get(KEY) == {"b": [1, "ü", None]}


def test_another_key_has_nothing(tmp_path: Path) -> None:
    Store(tmp_path).put(KEY, 1)
    assert Store(tmp_path).get(store.key("a", 2)) is None


@pytest.mark.parametrize("harm", [b"", b"x", b"0" * 64 + b"[1]"])
def test_a_damaged_entry_is_as_good_as_none_and_goes(tmp_path: Path, harm: bytes) -> None:
    Store(tmp_path).put(KEY, [1, 2])
    entry(tmp_path).write_bytes(harm)
    assert Store(tmp_path).get(KEY) is None
    assert not list(tmp_path.glob("??/*"))


def test_one_changed_byte_is_noticed_even_where_it_is_still_json(tmp_path: Path) -> None:
    Store(tmp_path).put(KEY, {"checked": 1})
    path = entry(tmp_path)
    path.write_bytes(path.read_bytes().replace(b":1", b":2"))
    assert Store(tmp_path).get(KEY) is None


@pytest.mark.parametrize("value", [{1: "x"}, (1, 2), float("nan"), {"a": b"x"}, {"a": {1}}])
def test_what_json_would_bring_back_as_something_else_is_not_kept(tmp_path: Path, value: object) -> None:
    Store(tmp_path).put(KEY, value)
    assert Store(tmp_path).get(KEY) is None


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    kept = Store(tmp_path, limit=1000)
    keys = [store.key(number) for number in range(10)]
    for age, key in enumerate(keys):
        kept.put(key, "x" * 100)
        os.utime(tmp_path / key[:2] / key[2:], (1000 + age, 1000 + age))
    assert kept.get(keys[0])  # and so the first is the one used last
    kept.trim()
    assert [kept.get(key) is not None for key in keys] == [True, *[False] * 6, *[True] * 3]
    assert store.extent(tmp_path).size <= 800


def test_a_store_within_its_limit_loses_nothing_but_leftovers(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    kept.put(KEY, 1)
    for name, age in ((".new-old", 1000.0), (".new-young", None)):
        left = entry(tmp_path).parent / name if age else tmp_path / KEY[:2] / name
        left.write_text("")
        if age:
            os.utime(left, (age, age))
    kept.trim()
    assert sorted(path.name for path in tmp_path.glob("??/*")) == [".new-young", KEY[2:]]


def test_a_folder_that_cannot_be_written_to_is_said_and_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = Store(tmp_path / "file" / "results")
    kept.put(KEY, 1)
    assert kept.get(KEY) is None
    assert "Not a directory" in kept.fault


def test_cleaning_says_what_there_was(tmp_path: Path) -> None:
    Store(tmp_path / "r").put(KEY, 1)
    assert store.clean(tmp_path / "r").entries == 1
    assert str(store.extent(tmp_path / "r")) == f"0 entries in {tmp_path / 'r'}, 0.0 MB"
