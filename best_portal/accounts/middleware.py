"""The language of the person: theirs when signed in, else the one switched to, else German."""

from django.conf import settings
from django.utils import translation


class LanguageMiddleware:
    """Activate the person's language, never the browser's.

    An office shares browsers, and a letter must come in the language of the one who reads it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            language = request.user.language
        else:
            language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
