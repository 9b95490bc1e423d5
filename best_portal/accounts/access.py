"""The doors: which roles may come through which view."""

from functools import wraps

from django.core.exceptions import PermissionDenied


def role_required(*roles):
    """Let only these roles in; everyone else signed in gets a 403, strangers the sign-in page."""

    def door(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.user.role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.roles = roles
        return guarded

    return door
