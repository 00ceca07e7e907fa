"""The state of a clause in plain Python, against which tests hold the SQL of ``meetings.queries.clauses``."""

from assignments.states import OPEN
from assignments.states import State as Task
from meetings.states import ENDED, ClauseState, Ending


def state_of(ending, tasks, due_on, on) -> ClauseState:
    """``ending`` of the recorded decision ("" without), ``tasks`` as (state, due day), the clause's own due day, today.

    Withdrawn tasks do not count. What waits for confirmation is not late (it is in nobody's hands but the committee's).
    """
    if ending:
        return ENDED[Ending(ending)]
    living = [(Task(state), due) for state, due in tasks if state != Task.CANCELLED]
    states = {state for state, _ in living}
    if not living:
        return ClauseState.LATE if due_on and due_on < on else ClauseState.OPEN
    if states == {Task.DONE}:
        return ClauseState.DONE
    if any(state in OPEN and due < on for state, due in living):
        return ClauseState.LATE
    if states <= {Task.DONE, Task.REPORTED}:
        return ClauseState.REPORTED
    return ClauseState.NOT_BEGUN if states == {Task.GIVEN} else ClauseState.OPEN
