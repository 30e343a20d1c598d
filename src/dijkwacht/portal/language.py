"""Which language a page is in: the one chosen on the site, else the person's own, else what the browser asks."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from dijkwacht.platform.accounts.models import User


class OwnLanguageMiddleware:
    """Honour the language of the person's account where nothing was chosen on the site."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) in dict(settings.LANGUAGES)
        if not chosen and isinstance(request.user, User):
            translation.activate(request.user.language)
        return self.get_response(request)
