"""Every door of the running system, found in the URL resolver and in the API's operations, not in a list."""

import inspect
import re
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, get_resolver
from ninja.operation import PathView

from dijkwacht.api.doors import Anybody, Bearer

LINKS = {
    "/f/<str:token>": "answer-link",
    "/f/<str:token>/unsubscribe": "unsubscribe-link",
    "/f/advisories/<str:token>": "advisory-link",
    "/proof/confirm/<str:token>": "proof-link",
}
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Door:
    """One method of one route; `permission` is what it declares, empty when it declares nothing."""

    method: str
    route: str
    module: str
    permission: str

    @property
    def key(self) -> str:
        return f"{self.method} {self.route}"

    @property
    def parameters(self) -> dict[str, str]:
        """The converter of each parameter by what it names: its own name, or for the links in mails what they are."""
        return {self.named(name): converter or "str" for converter, name in PARAMETER.findall(self.route)}

    def named(self, parameter: str) -> str:
        return LINKS.get(self.route, parameter)

    def address(self, **values: object) -> str:
        return PARAMETER.sub(lambda found: str(values[self.named(found[2])]), self.route)


def _patterns(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from _patterns(pattern, route)


def _path_view(view):
    """The operations behind a view of the API, or None for a page."""
    held = inspect.getclosurevars(view).nonlocals.get("self") if inspect.isfunction(view) else None
    return held if isinstance(held, PathView) else None


def _permission(operation):
    for callback in operation.auth_callbacks:
        if isinstance(callback, Bearer | Anybody):
            return callback.permission
    return ""


@cache
def doors():
    """All doors. A page has a GET and a POST; a route of the API has the methods that it declares."""
    found = {}
    for route, pattern in _patterns(get_resolver()):
        view, address = pattern.callback, "/" + route
        path_view = _path_view(view)
        if path_view is not None:
            made = [
                Door(method, address, operation.view_func.__module__, _permission(operation))
                for operation in path_view.operations
                for method in operation.methods
            ]
        else:
            module = getattr(view, "__module__", "") or ""
            permission = getattr(view, "permission", "")
            made = [Door(method, address, module, permission) for method in ("GET", "POST")]
        for door in made:
            found.setdefault(door.key, door)  # of two doors at one address the first opens
    return tuple(found.values())
