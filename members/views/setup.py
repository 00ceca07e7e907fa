"""The first set-up of an empty database."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from core.forms import attempt, form_status, posted
from members.entrance import limited, private
from members.forms.accounts import SetupForm
from members.services import setup as services


@login_not_required
@sensitive_post_parameters("password", "again")
def setup(request, token):
    """One form: superior, first cell, first administrator; then logged in and led on from the roll of the cell."""
    if refused := limited(request, "setup"):
        return refused
    if services.find_setup(token) is None:
        return private(render(request, "members/setup_dead.html", status=410))
    form, done = SetupForm(posted(request)), []

    def keep(**values):
        done.append(services.set_up(token, **values))

    if attempt(request, form, keep):
        return private(_enter(request, done))
    return private(render(request, "members/setup.html", {"form": form}, status=form_status(form)))


def _enter(request, done):
    if not done:
        return redirect("home")
    user, cell = done[0]
    messages.success(request, "Đã lập chi bộ và người quản trị đầu tiên.")
    return perform_login(request, user, redirect_url=f"{reverse('members:list')}?chi-bo={cell.slug}")
