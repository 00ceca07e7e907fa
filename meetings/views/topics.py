"""The page of a topic: an item followed through the months."""

from django.http import Http404
from django.shortcuts import render

from meetings.queries import topics as queries
from meetings.states import CLAUSE_UI, ClauseState


def topic(request, item):
    """Every meeting before which the item stood, the latest one first."""
    stages = queries.stages(request.user, item)
    if item not in [stage.item.pk for stage in stages]:
        raise Http404
    last = stages[-1]
    context = {
        "title": last.item.title,
        "stages": [
            (stage, [(clause, CLAUSE_UI[ClauseState(clause.state_key)]) for clause in stage.clauses])
            for stage in reversed(stages)
        ],
        "first": stages[0],
        "last": last,
        "asked": item,
    }
    return render(request, "meetings/topic.html", context)
