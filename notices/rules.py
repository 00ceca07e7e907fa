"""Whoever sees a notice may read it; rows are cut by visible_to."""

import rules

rules.add_perm("notices.view_notice", rules.always_allow)
rules.add_perm("notices.view_person", rules.always_allow)  # asked of a committee; rows are those of its own cells
