"""Settings that are missing or weak stop the start, with a sentence that says which one and what to set."""

import base64
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from booking.config import ROOT, UnsafeSettings, read_settings
from booking.storage.sealed import new_key

KEY = base64.urlsafe_b64encode(
    bytes(range(32))
).decode()  # one key, so that every worker names the same tests
SECRET = "k7Qw2-Zx9_Lm4Rt8Vb1Nc6Yp3Hs5Df0Gj"


def safe(tmp_path: Path) -> dict[str, str]:
    return {
        "SAMLOKAL_INSTANCE": str(tmp_path),
        "SAMLOKAL_SECRET_KEY": SECRET,
        "SAMLOKAL_SEALING_KEYS": new_key(),
        "SAMLOKAL_BASE_URL": "https://lokalen.example.org/",
    }


def test_safe_settings_start(tmp_path: Path) -> None:
    settings = read_settings(safe(tmp_path))
    assert settings.database_url == f"sqlite:///{tmp_path / 'samlokal.sqlite3'}"
    assert settings.base_url == "https://lokalen.example.org"
    assert (settings.demo, settings.proxies, len(settings.sealing_keys)) == (False, 0, 1)


WEAK = [
    ("SAMLOKAL_SECRET_KEY", None),
    ("SAMLOKAL_SECRET_KEY", ""),
    ("SAMLOKAL_SECRET_KEY", "dev"),
    ("SAMLOKAL_SECRET_KEY", SECRET[:31]),
    ("SAMLOKAL_SECRET_KEY", "a" * 64),
    ("SAMLOKAL_SEALING_KEYS", None),
    ("SAMLOKAL_SEALING_KEYS", ""),
    ("SAMLOKAL_SEALING_KEYS", "inte en nyckel"),
    ("SAMLOKAL_SEALING_KEYS", KEY[:20]),
    ("SAMLOKAL_SEALING_KEYS", "A" * 43 + "="),
    ("SAMLOKAL_SEALING_KEYS", f"{KEY},"),
    ("SAMLOKAL_SEALING_KEYS", f"{KEY},kort"),
    ("SAMLOKAL_BASE_URL", None),
    ("SAMLOKAL_BASE_URL", "lokalen.example.org"),
    ("SAMLOKAL_BASE_URL", "http://lokalen.example.org"),
    ("SAMLOKAL_PROXIES", "ja"),
    ("SAMLOKAL_PROXIES", "-1"),
    ("SAMLOKAL_PROXIES", "²"),
    ("SAMLOKAL_METRICS_TOKEN", "kort"),
    ("SAMLOKAL_METRICS_TOKEN", "a" * 64),
    ("SAMLOKAL_SLOW_QUERY_MS", "½ s"),
    ("SAMLOKAL_DEMO", "1"),
    ("SAMLOKAL_SMTP_URL", "smtp://post.example.org"),
    ("SAMLOKAL_SMTP_URL", "post.example.org"),
    ("SAMLOKAL_DATABASE_URL", "mysql://localhost/samlokal"),
    ("SAMLOKAL_DATABASE_URL", "inte en adress"),
]


@pytest.mark.parametrize(("name", "value"), WEAK)
def test_a_missing_or_weak_setting_is_named(tmp_path: Path, name: str, value: str | None) -> None:
    given = {**safe(tmp_path), name: value}
    with pytest.raises(UnsafeSettings) as refused:
        read_settings({key: each for key, each in given.items() if each is not None})
    said = str(refused.value)
    assert said.startswith("Set SAMLOKAL_")
    assert name in said or name.replace("SMTP_URL", "MAIL_FROM") in said
    assert value in (None, "", "1", "ja", "a" * 64) or value not in said, "what was set may be half a secret"


def test_post_is_set_whole(tmp_path: Path) -> None:
    post = {"SAMLOKAL_SMTP_URL": "smtps://post.example.org", "SAMLOKAL_MAIL_FROM": "lokalen@example.org"}
    assert read_settings({**safe(tmp_path), **post}).mail_from == "lokalen@example.org"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_however_its_address_is_written(tmp_path: Path, scheme: str) -> None:
    given = {**safe(tmp_path), "SAMLOKAL_DATABASE_URL": f"{scheme}://anna@db.example.org/samlokal"}
    assert read_settings(given).database_url == "postgresql+psycopg://anna@db.example.org/samlokal"


def test_the_demo_makes_secrets_of_its_own_and_keeps_them(tmp_path: Path) -> None:
    demo = {"SAMLOKAL_DEMO": "1", "SAMLOKAL_INSTANCE": str(tmp_path / "ny")}
    first, second = read_settings(demo), read_settings(demo)
    assert (first.secret_key, first.sealing_keys) == (second.secret_key, second.sealing_keys)
    other = read_settings({**demo, "SAMLOKAL_INSTANCE": str(tmp_path / "annan")})
    assert other.secret_key != first.secret_key
    (kept,) = (tmp_path / "ny").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8001"])
def test_the_demo_stands_at_an_address_of_this_machine(tmp_path: Path, host: str) -> None:
    given = {"SAMLOKAL_DEMO": "1", "SAMLOKAL_INSTANCE": str(tmp_path), "SAMLOKAL_BASE_URL": f"http://{host}"}
    assert read_settings(given).demo


@pytest.mark.parametrize("value", ["0", "no", "", "nej"])
def test_only_a_clear_yes_makes_it_a_demo(tmp_path: Path, value: str) -> None:
    assert read_settings({**safe(tmp_path), "SAMLOKAL_DEMO": value}).demo is False


def test_the_command_line_says_the_sentence_alone(tmp_path: Path) -> None:
    ours = {key: value for key, value in os.environ.items() if not key.startswith("SAMLOKAL_")}
    line = [sys.executable, "-m", "flask", "--app", "wsgi", "check"]
    given = {**safe(tmp_path), "SAMLOKAL_SECRET_KEY": "dev"}
    done = subprocess.run(line, cwd=ROOT, env={**ours, **given}, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    (said,) = done.stderr.strip().splitlines()
    assert said.startswith("Samlokal does not start. Set SAMLOKAL_SECRET_KEY to")
    assert done.stdout == ""


def test_the_server_gives_up_with_the_same_sentence(tmp_path: Path) -> None:
    ours = {key: value for key, value in os.environ.items() if not key.startswith("SAMLOKAL_")}
    line = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--no-control-socket", "wsgi:app"]
    done = subprocess.run(
        line,
        cwd=ROOT,
        env={**ours, "SAMLOKAL_INSTANCE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert "Samlokal does not start. Set SAMLOKAL_SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr
