"""Whoever sees a notice may read it; rows are cut by visible_to."""

import rules

rules.add_perm("notices.view_notice", rules.always_allow)
