"""Every act has its sentence, and no sentence is left over."""

import ast
from pathlib import Path

import pytest

from members.activity_words import GROUPS, words

ROOT = Path(__file__).resolve().parents[1]
APPS = ("chibo", "members", "documents", "notices", "assignments", "meetings", "fees", "pledges", "reviews")
ROWS = ("status", "exemption", "placement", "post", "membership", "feecategory")
# verbs that are put together: how they stand in the code -> what they can be
COMPOSED = {
    "{name}.added": [f"{name}.added" for name in ROWS],
    "{name}.removed": [f"{name}.removed" for name in ROWS],
    "{row._meta.model_name}.changed": [f"{name}.changed" for name in ROWS],
}


def calls():
    """(file:line, the argument that names the verb) of every call of record()."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record" and len(node.args) > 1:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node.args[1]


def verbs_of(argument):
    """The verbs that an argument can be; None for one that this test cannot read."""
    if isinstance(argument, ast.IfExp):
        both = verbs_of(argument.body), verbs_of(argument.orelse)
        return None if None in both else both[0] + both[1]
    if isinstance(argument, ast.Constant):
        return [argument.value]
    return COMPOSED.get(ast.unparse(argument)[2:-1])


def test_every_verb_can_be_read():
    """A new way to put a verb together is written into COMPOSED."""
    assert [(where, ast.unparse(argument)) for where, argument in calls() if verbs_of(argument) is None] == []


def test_every_verb_has_a_sentence_and_every_sentence_is_used():
    used = {verb for _, argument in calls() for verb in verbs_of(argument) or ()}
    assert {"without sentence": used - words().keys(), "unused": words().keys() - used} == {
        "without sentence": set(),
        "unused": set(),
    }


def test_every_verb_belongs_to_one_group_of_the_filter():
    prefixes = [prefix for _, group in GROUPS.values() for prefix in group]
    assert len(set(prefixes)) == len(prefixes)
    assert {verb for verb in words() if verb.split(".")[0] not in prefixes} == set()


@pytest.mark.parametrize("text", words().values())
def test_sentence_is_a_plain_predicate(text):
    """ "Đ/c X" stands before it: no capital, no full stop."""
    assert text == text.strip()
    assert text[0].islower()
    assert text[-1] not in ".!"
