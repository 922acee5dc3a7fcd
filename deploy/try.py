"""Follows docs/operation.md in an empty Debian: makes one, runs the commands of the document in it, visits the site.

`python3 deploy/try.py FOLDER`, as root on a Debian with debootstrap and systemd-container. Standard library only. The
first two steps fetch packages; for the rest the system is booted by systemd, with no network but its own.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "operation.md"
FETCHING = ("1.", "2.")
VISITED = "12."  # the site is visited after this step, before it is upgraded
# Stand in for the mail server of an organisation, and for a kernel's own boot.
MORE_PACKAGES = "systemd-sysv,dbus,ca-certificates,postfix"
RELAY = {
    "mydestination": "example.org $myhostname",
    "local_recipient_maps": "",
    "luser_relay": "letters",
    "inet_interfaces": "loopback-only",
}
NO_START = "#!/bin/sh\nexit 101\n"
UNIT = """
[Unit]
After=multi-user.target
[Service]
Type=oneshot
StandardOutput=file:/trial/transcript
StandardError=inherit
TimeoutStartSec=900
ExecStart=/bin/bash /trial/steps
ExecStopPost=/bin/systemctl poweroff --no-block
[Install]
WantedBy=graphical.target
"""


class Step(NamedTuple):
    """A numbered section of the document, and its commands."""

    name: str
    commands: str


AGAIN = Step(
    "Started again",
    "systemctl is-active samlokal-web samlokal-work samlokal-backup.timer nginx postgresql\n"
    "curl --silent --show-error --fail --cacert /etc/nginx/tls/ca.pem https://bokning.example.org/readyz\n",
)


def steps(text: str) -> Iterator[Step]:
    """Every step of "Installing it", with all its blocks of commands."""
    installing = re.search(r"^## Installing it$(.*?)^## ", text, re.M | re.S)
    assert installing
    for section in re.split(r"^### ", installing[1], flags=re.M)[1:]:
        yield Step(
            section.splitlines()[0], "\n".join(re.findall(r"^```sh\n(.*?)^```$", section, re.M | re.S))
        )


def script(chosen: list[Step]) -> str:
    """One script of the steps, as somebody types them into one shell; it ends at the first command that fails."""
    parts = ["set -Eeuo pipefail", "trap 'journalctl --lines 30 --no-pager --output cat || true' ERR"]
    for step in chosen:
        parts += [f"echo '== {step.name}'", "set -v", step.commands, "set +v"]
        if step.name.startswith(VISITED):
            parts.append("python3 /trial/visit.py")
    return "\n".join([*parts, "touch /trial/done", ""])


def make_system(system: Path, files: Path | None) -> None:
    """An empty Debian, with what stands in for its surroundings."""
    run("debootstrap", "--variant=minbase", f"--include={MORE_PACKAGES}", "bookworm", str(system))
    if files:
        shutil.copytree(files, system, dirs_exist_ok=True)
    inside(
        system, "useradd --create-home letters; " + "; ".join(f"postconf '{k}={v}'" for k, v in RELAY.items())
    )
    (system / "trial").mkdir()
    shutil.copy(ROOT / "deploy" / "visit.py", system / "trial")
    release = system / "var/tmp/samlokal.tar.gz"
    run("git", "-C", str(ROOT), "archive", "--output", str(release), "HEAD")


def install(system: Path, fetching: list[Step]) -> None:
    """The steps that fetch, before the system is booted: nothing that they install is started."""
    policy = system / "usr/sbin/policy-rc.d"
    policy.write_text(NO_START)
    policy.chmod(0o755)
    inside(system, script(fetching))
    policy.unlink()


def boot(system: Path, others: list[Step]) -> bool:
    """Boot it, run the other steps in it, and wait until it is off; whether all went well."""
    for left in ("done", "transcript"):
        (system / "trial" / left).unlink(missing_ok=True)
    (system / "trial/steps").write_text(script(others))
    (system / "etc/systemd/system/trial.service").write_text(UNIT)
    inside(system, "systemctl enable --quiet trial")
    run(
        "systemd-nspawn",
        *HERE,
        f"--directory={system}",
        "--private-network",
        "--boot",
        stdout=subprocess.DEVNULL,
    )
    sys.stdout.write((system / "trial/transcript").read_text())
    return (system / "trial/done").exists()


HERE = ("--quiet", "--register=no", "--keep-unit")


def inside(system: Path, commands: str) -> None:
    """Run commands in the system without booting it."""
    run("systemd-nspawn", *HERE, f"--directory={system}", "--pipe", "/bin/bash", input=commands.encode())


def run(*line: str, **how: object) -> None:
    """Run a program; it must succeed."""
    subprocess.run(line, check=True, **how)  # type: ignore[call-overload]


def main() -> int:
    """Make, follow, visit."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("folder", type=Path, help="where the system is made; it must not be there yet")
    asked.add_argument(
        "--files", type=Path, help="a folder laid over the new system, for a network's own settings"
    )
    given = asked.parse_args()
    followed = list(steps(DOCUMENT.read_text(encoding="utf-8")))
    make_system(given.folder, given.files)
    install(given.folder, [step for step in followed if step.name.startswith(FETCHING)])
    went_well = boot(given.folder, [step for step in followed if not step.name.startswith(FETCHING)])
    went_well = went_well and boot(given.folder, [AGAIN])
    sys.stdout.write("All of it went well.\n" if went_well else "It ended at the command above.\n")
    return 0 if went_well else 1


if __name__ == "__main__":
    sys.exit(main())
