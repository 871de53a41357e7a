"""Paths whose reading is worth to be told of: where keys, passwords and other people's data stand."""

from __future__ import annotations

#: Parts of paths; most paths have none of them.
MARKS = (
    "/.ssh/", "/.aws/", "/.azure/", "/.config/gcloud", "/.kube/", "/.docker/config", "/.gnupg/", "/.netrc", "/.pgpass",
    "/.npmrc", "/.pypirc", "/.git-credentials", "/.env", "/.vault-token", "/.claude", "/.cursor/mcp.json", "/.mcp.json",
    "/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/ssl/private", "id_rsa", "id_ed25519", "id_ecdsa", "/proc/1/",
    "/environ", "/run/secrets/", "/docker.sock", "/Login Data", "/cookies.sqlite", "/key4.db", "/wallet.dat", ".kdbx",
    ".pem", ".p12", ".pfx", "/credentials",
)  # fmt: skip
#: Nothing of these is: all that imports read.
CODE = (".py", ".pyc", ".so", ".dist-info/METADATA", "/METADATA", "/RECORD")
#: What has a mark and is public.
PUBLIC = ("/certifi/", "cacert.pem", "/etc/ssl/certs/", "/etc/ssl/cert.pem")


class Sensitive:
    """The built-in list, and more patterns in which `*` is any text."""

    def __init__(self, more: tuple[str, ...] | list[str]) -> None:
        import re

        whole = "|".join(".*".join(re.escape(part) for part in each.split("*")) for each in more[:100])
        self._more = re.compile(f"(?:{whole})$") if whole else None

    def has(self, path: str) -> bool:
        if path.endswith(CODE):
            return False
        for mark in MARKS:
            if mark in path:
                return not any(each in path for each in PUBLIC)
        # A name alone is in the current folder.
        return path.startswith(".env") or (self._more is not None and self._more.match(path) is not None)
