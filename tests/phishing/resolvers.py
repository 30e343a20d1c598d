"""Resolvers of the distribution, each started on loopback with the recipe of docs/how-to/follow-the-list.md."""

import contextlib
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

FULL, HOT = "rpz.dijkwacht.example", "hot.rpz.dijkwacht.example"


@dataclass
class Setting:
    """Where a resolver finds the primary, its upstream and its key."""

    folder: Path
    port: int
    primary: int
    upstream: int
    key: str = ""
    secret: str = ""
    files: dict[str, Path] = field(default_factory=dict)


def unbound(at: Setting) -> list[str]:
    """It cannot sign a transfer: the primary lets it in by its address."""
    zones = "".join(
        f'rpz:\n  name: "{zone}"\n  primary: 127.0.0.1@{at.primary}\n  allow-notify: 127.0.0.1\n'
        f'  zonefile: "{at.folder}/{zone}.zone"\n'
        for zone in (HOT, FULL)
    )
    (at.folder / "unbound.conf").write_text(
        f"""server:
  interface: 127.0.0.1
  port: {at.port}
  do-ip6: no
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "{at.folder}"
  pidfile: "{at.folder}/pid"
  use-syslog: no
  num-threads: 1
  module-config: "respip iterator"
  ede: yes
  do-not-query-localhost: no
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@{at.upstream}
{zones}"""
    )
    return ["/usr/sbin/unbound", "-d", "-p", "-c", f"{at.folder}/unbound.conf"]


def bind(at: Setting) -> list[str]:
    """It takes a policy zone over at most once in `min-update-interval`, a minute when nothing is said."""
    zones = "".join(
        f'zone "{zone}" {{ type secondary; file "{zone}.db"; '
        f'primaries {{ 127.0.0.1 port {at.primary} key "{at.key}"; }}; '
        f"allow-query {{ localhost; }}; notify no; }};\n"
        for zone in (HOT, FULL)
    )
    (at.folder / "named.conf").write_text(
        f"""options {{
  directory "{at.folder}"; pid-file "{at.folder}/pid"; session-keyfile none;
  listen-on port {at.port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
  recursion yes; forward only; forwarders {{ 127.0.0.1 port {at.upstream}; }};
  dnssec-validation no; qname-minimization off; empty-zones-enable no;
  response-policy {{ zone "{HOT}" min-update-interval 1; zone "{FULL}"; }};
}};
controls {{ }};
key "{at.key}" {{ algorithm hmac-sha256; secret "{at.secret}"; }};
{zones}"""
    )
    return ["/usr/sbin/named", "-g", "-n", "1", "-c", f"{at.folder}/named.conf"]


def powerdns(at: Setting) -> list[str]:
    """It hears no NOTIFY for a policy zone: it asks each second, and must not keep whole answers longer."""
    (at.folder / "rpz.lua").write_text(
        "".join(
            f'rpzPrimary("127.0.0.1:{at.primary}", "{zone}", {{tsigname="{at.key}", tsigalgo="hmac-sha256", '
            f'tsigsecret="{at.secret}", refresh=1, extendedErrorCode=15}})\n'
            for zone in (HOT, FULL)
        )
    )
    (at.folder / "recursor.conf").write_text(
        f"""local-address=127.0.0.1
local-port={at.port}
socket-dir={at.folder}
forward-zones-recurse=.=127.0.0.1:{at.upstream}
lua-config-file={at.folder}/rpz.lua
dnssec=off
packetcache-ttl=1
threads=1
security-poll-suffix=
daemon=no
disable-syslog=yes
write-pid=no
setuid=
setgid=
"""
    )
    return ["/usr/sbin/pdns_recursor", f"--config-dir={at.folder}"]


def knot(at: Setting) -> list[str]:
    """It reads a policy zone from a file, and reads it again when that changes: something fetches the file."""
    zones = "".join(f"policy.add(policy.rpz(policy.DENY, '{at.files[zone]}', true))\n" for zone in (HOT, FULL))
    (at.folder / "kresd.conf").write_text(
        f"""net.listen('127.0.0.1', {at.port}, {{ kind = 'dns' }})
trust_anchors.remove('.')
modules = {{ 'policy' }}
cache.size = 10 * MB
{zones}policy.add(policy.all(policy.FORWARD('127.0.0.1@{at.upstream}')))
"""
    )
    return ["/usr/sbin/kresd", "-n", "-c", f"{at.folder}/kresd.conf", str(at.folder)]


RESOLVERS = {"unbound": unbound, "bind": bind, "powerdns": powerdns, "knot": knot}


@contextlib.contextmanager
def running(command: list[str], folder: Path):
    """The resolver, until the end of the block; what it says stands in `said`."""
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=folder)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
