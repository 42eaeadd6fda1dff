"""Pages are sent compressed to browsers that take it."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PageGZipMiddleware(GZipMiddleware):
    """Compress HTML, and nothing else: files are compressed by their format, or were once written.

    Each page gets a few random bytes, so that its length tells nothing of what is in it (BREACH);
    the tokens of its forms are masked anew in every page (docs/decisions/0046).
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
