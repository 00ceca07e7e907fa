"""Reading the written matrix (tests/matrix/*.toml): which answer each role gets at each address."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.urls import get_resolver, reverse

FOLDER = Path(__file__).parent
ROLES = (
    "anonymous", "bithu", "phobithu", "chiuy", "thuky", "thuquy", "dangvien", "dubi", "tamthoi", "trinhbay",
    "chibokhac", "captren", "quantri",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One address in one state asked one way; ``letters`` stand in the order of ROLES."""

    file: str
    name: str  # URL name
    extra: str  # value of the parameter that the scene does not give: an action, a field
    state: str
    method: str
    letters: str

    def __str__(self):
        return f"{self.name} {self.extra}".strip() + f", {self.state}, {self.method}"

    def url(self, scenes):
        """The address on the object of that state."""
        scene = scenes[self.state]
        wanted = parameters()[self.name]
        values = {key: scene[key] for key in wanted if key in scene}
        values |= {key: self.extra for key in wanted if key not in scene}
        return reverse(self.name, kwargs=values) + (f"?{query}" if (query := scene.get("?")) else "")

    def data(self, scenes):
        """What a POST sends."""
        return scenes[self.state].get("POST")


def lines():
    """Every line of every file; "draft agreed" and "GET POST" are one line for each."""
    for path in sorted(FOLDER.glob("*.toml")):
        for key, rows in tomllib.loads(path.read_text()).items():
            name, _, extra = key.partition(" ")
            for row in rows:
                yield from _spread(path.stem, name, extra, row)


def _spread(file, name, extra, row):
    states, methods, letters = (part.strip() for part in row.split("|"))
    for state in states.split():
        for method in methods.split():
            yield Line(file, name, extra, state, method, letters.replace(" ", ""))


def grouped(letters) -> str:
    """Letters as they are written in the files."""
    found = "".join(letters)
    return " ".join((found[0], found[1:4], found[4:7], found[7:9], found[9], found[10:]))


@cache
def parameters():
    """URL name -> names of its parameters, for every name of the URLconf."""
    return dict(_walk(get_resolver(), ""))


def _walk(resolver, space):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _walk(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}", list(pattern.pattern.converters or pattern.pattern.regex.groupindex)
