"""The whole tree: what no single app can promise."""

import ast
import io
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from core.states import Look

ROOT = Path(__file__).resolve().parents[1]
LAYERS = (
    ("core",),
    ("regulations",),
    ("members",),
    ("documents", "notices"),
    ("assignments",),
    ("meetings", "pledges", "fees"),
    ("reviews",),
    ("chibo",),
)
HEIGHT = {app: height for height, layer in enumerate(LAYERS) for app in layer}
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for app in HEIGHT
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
)
TEMPLATES = sorted(path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.*"))
WORKFLOWS = [  # label of the model, module of WHO, module of STEPS; papers have no page and no table of services
    ("meetings.meeting", "meetings.rules", "meetings.services.lifecycle"),
    ("assignments.assignment", "assignments.rules", "assignments.services.progress"),
    ("fees.declaration", "fees.rules:DECLARATION_WHO", "fees.services.declaring"),
    ("fees.waiver", "fees.rules:WAIVER_WHO", "fees.services.waiving"),
    ("pledges.pledge", "pledges.rules", "pledges.services.deciding"),
    ("reviews.turn", "reviews.rules:TURN_WHO", "reviews.services.turning"),
    ("reviews.shortcoming", "reviews.rules:SHORTCOMING_WHO", "reviews.services.mending"),
    ("pledges.assessment", "pledges.rules:ASSESSMENT_WHO", "pledges.services.assessing"),
]
OURS = [model for model in apps.get_models() if model._meta.app_label in HEIGHT]
WITH_STATES = [model for model in OURS if hasattr(model, "STATE_UI")]


def tree(module):
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def functions(module):
    """(name, lines from def to end) of every function, decorators and docstring included."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.end_lineno - node.lineno + 1


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", stdout=io.StringIO())


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.endswith((".html", ".txt"))])
def test_template_compiles(name):
    try:
        get_template(name)
    except TemplateDoesNotExist as missing:
        pytest.fail(f"{name} asks for {missing}")


@pytest.mark.parametrize(("label", "who", "steps"), WORKFLOWS)
def test_moves_who_and_steps_name_the_same_acts(label, who, steps):
    """PATTERNS: an unknown action has no permission, so STEPS[action] cannot fail for an outsider."""
    moves = apps.get_model(label).MOVES.keys()
    module, _, table = who.partition(":")  # an app with several workflows names the table
    assert getattr(import_module(module), table or "WHO").keys() == moves
    assert import_module(steps).STEPS.keys() == moves


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_relations_point_to_the_same_app_or_a_lower_layer(model):
    """String foreign keys are invisible to import-linter (DESIGN §2)."""
    own = model._meta.app_label
    for field in model._meta.get_fields(include_hidden=True):
        if field.is_relation and not field.auto_created and field.related_model:
            target = field.related_model._meta.app_label
            assert target == own or HEIGHT[target] < HEIGHT[own], f"{model._meta.label}.{field.name}"


@pytest.mark.parametrize("model", WITH_STATES, ids=lambda model: model._meta.label_lower)
def test_every_state_has_its_look_and_icon(model):
    states = model.STATE_UI
    assert set(states) == set(dict(model._meta.get_field("state").choices))
    assert [look for look in states.values() if not isinstance(look, Look) or not look.label] == []
    assert [look.icon for look in states.values() if not has_icon(look.icon)] == []


def has_icon(name):
    return name in ("", "dot") or (ROOT / "core" / "icons" / f"{name}.svg").exists()


def test_every_icon_named_in_python_exists():
    """Look("…", "warn", "icon") anywhere in the code."""
    missing = set()
    for module in MODULES:
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Look" and len(node.args) == 3:
                icon = node.args[2]
                if isinstance(icon, ast.Constant) and not has_icon(icon.value):
                    missing.add((module, icon.value))
    assert missing == set()


# Limits of DESIGN §2.7: past one, split by noun


def test_modules_hold_at_most_300_lines():
    sizes = {module: len((ROOT / module).read_text(encoding="utf-8").splitlines()) for module in MODULES}
    assert {module: lines for module, lines in sizes.items() if lines > 300} == {}


def test_functions_hold_at_most_40_lines():
    long = {f"{module}:{name}": lines for module in MODULES for name, lines in functions(module) if lines > 40}
    assert long == {}


def test_views_hold_at_most_20_lines():
    views = [module for module in MODULES if "/views/" in module or module.endswith("/views.py")]
    assert {f"{module}:{name}": lines for module in views for name, lines in functions(module) if lines > 20} == {}


def test_templates_hold_at_most_150_lines():
    sizes = {name: len((ROOT / "templates" / name).read_text(encoding="utf-8").splitlines()) for name in TEMPLATES}
    assert {name: lines for name, lines in sizes.items() if lines > 150} == {}
