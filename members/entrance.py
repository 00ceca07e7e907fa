"""What the pages without login have in common: a limit by address, nothing stored, nothing told onward."""

from allauth.core.internal.ratelimit import consume, respond_429

# A hall behind one address opens its slips in one evening; a token has 256 bits, so this guards the server only.
RATES = {"slip": "300/m/ip", "setup": "30/m/ip", "mailed": "300/m/ip", "feed": "300/m/ip"}


def limited(request, action):
    """The answer 429 when too many come from one address, else None."""
    usage = consume(request, app="members", action=action, config=RATES, limit_get=True)
    return None if usage else respond_429(request)


def private(response):
    """The response with headers that keep a one-time address out of caches and of other sites' logs.

    Not "no-referrer": with it browsers send `Origin: null` along with the form, which the CSRF check refuses.
    """
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response
