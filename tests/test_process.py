from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from setout import process


def python(code: str, folder: Path, timeout: float = 20.0, **env: str) -> process.Ran:
    return process.run((sys.executable, "-c", code), cwd=folder, env=env, timeout=timeout)


def is_running(number: int) -> bool:
    """Whether the process is there and no zombie."""
    state = process.run(("ps", "-o", "stat=", "-p", str(number)), cwd=Path.cwd()).out.strip()
    return bool(state) and not state.startswith("Z")


def test_what_a_program_says_comes_back_with_its_code(tmp_path: Path) -> None:
    ran = python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)", tmp_path)
    assert (ran.code, ran.out, ran.err, ran.truncated) == (3, "out\n", "err\n", False)
    assert ran.seconds > 0


def test_the_end_is_noticed_where_the_system_does_not_tell_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    assert python("raise SystemExit(3)", tmp_path).code == 3
    with pytest.raises(process.TimedOut):
        python("import time; time.sleep(60)", tmp_path, timeout=0.3)


def test_words_are_never_given_to_a_shell(tmp_path: Path) -> None:
    ran = process.run((sys.executable, "-c", "import sys; print(sys.argv[1])", "$(id); *"), cwd=tmp_path)
    assert ran.out == "$(id); *\n"


def test_a_program_reads_what_it_is_given(tmp_path: Path) -> None:
    ran = process.run((sys.executable, "-c", "print(input())"), cwd=tmp_path, stdin="hello\n")
    assert ran.out == "hello\n"


def test_only_named_variables_are_inherited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_VAR_password", "secret")
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    ran = python("import os; print(sorted(os.environ))", tmp_path, ADDED="1")
    assert "TF_VAR_password" not in ran.out
    assert "GIT_DIR" not in ran.out
    assert "'ADDED'" in ran.out
    assert "'PATH'" in ran.out


def test_variables_are_inherited_by_name_where_they_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert process.inherit(("HTTPS_PROXY", "NO_PROXY")) == {"HTTPS_PROXY": "http://proxy.test:3128"}


def test_noise_on_both_streams_neither_hangs_nor_fills_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "OUTPUT_LIMIT", 1000)
    code = "import os\nfor _ in range(2000): os.write(2, b'e' * 1024); os.write(1, b'o' * 1024)"
    ran = python(code, tmp_path)
    assert (ran.code, len(ran.out), len(ran.err), ran.truncated) == (0, 1000, 1000, True)


def test_a_program_that_floods_the_disk_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "FLOOD", 1_000_000)
    monkeypatch.setattr(process, "OUTPUT_LIMIT", 1000)
    ran = python("import os\nwhile True: os.write(1, b'x' * 65536)", tmp_path, timeout=60)
    assert ran.code == -signal.SIGTERM
    assert ran.truncated
    assert ran.seconds < 30


def test_bytes_that_are_no_text_do_not_break_the_result(tmp_path: Path) -> None:
    assert python("import os; os.write(1, b'a\\xff\\n')", tmp_path).out == "a\ufffd\n"


def test_a_program_that_takes_too_long_is_stopped_with_its_children(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "pathlib.Path('child').write_text(str(child.pid))\n"
        "time.sleep(60)"
    )
    started = time.monotonic()
    with pytest.raises(process.TimedOut, match="did not end within 2 s"):
        python(code, tmp_path, timeout=2)
    assert time.monotonic() - started < 10
    assert not is_running(int((tmp_path / "child").read_text()))


def test_a_program_that_ignores_being_asked_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "GRACE", 0.2)
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    started = time.monotonic()
    with pytest.raises(process.TimedOut):
        python(code, tmp_path, timeout=1.5)
    assert time.monotonic() - started < 10


def test_a_program_has_time_to_clean_up_before_it_is_ended(tmp_path: Path) -> None:
    code = (
        "import pathlib, signal, sys, time\n"
        "def clean(*_): pathlib.Path('clean').touch(); sys.exit(1)\n"
        "signal.signal(signal.SIGTERM, clean); time.sleep(60)"
    )
    with pytest.raises(process.TimedOut):
        python(code, tmp_path, timeout=1.5)
    assert (tmp_path / "clean").exists()


def test_a_child_left_behind_is_ended_with_the_program(tmp_path: Path) -> None:
    code = "import subprocess, sys\nprint(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid)"
    ran = python(code, tmp_path)
    assert ran.code == 0
    deadline = time.monotonic() + 5
    while is_running(int(ran.out)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(int(ran.out))


def test_ctrl_c_stops_the_program_and_is_passed_on(tmp_path: Path) -> None:
    code = "import os, pathlib, time; pathlib.Path('pid').write_text(str(os.getpid())); time.sleep(60)"

    def press() -> None:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        python(code, tmp_path)
    thread.join()
    assert not is_running(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize("words", [("/nowhere/program",), ("/etc/passwd",), ("nul\0",)])
def test_a_program_that_cannot_be_started_is_said(tmp_path: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(process.CannotStart, match=r"No such file|Permission denied|null byte"):
        process.run(words, cwd=tmp_path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(process.CannotStart):
        process.run((sys.executable, "-V"), cwd=tmp_path / "nowhere")


def test_stopping_all_ends_what_runs_at_once_and_starts_nothing_more(tmp_path: Path) -> None:
    ended: list[str] = []
    excuse = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('an answer')))"

    def wait() -> None:
        try:
            ended.append(python(f"{excuse}; time.sleep(60)", tmp_path, 60.0).out)
        except process.CannotStart as error:
            ended.append(str(error))

    waiting = threading.Thread(target=wait)
    started = time.monotonic()
    with process.stoppable():
        waiting.start()
        time.sleep(0.5)
        process.stop_all()
        with pytest.raises(process.CannotStart, match="being stopped"):
            python("pass", tmp_path)
        waiting.join(10)
    assert ended == [f"{sys.executable} was stopped with everything else"]
    assert time.monotonic() - started < 5
    assert python("pass", tmp_path).code == 0
