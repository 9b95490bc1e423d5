"""How a kept file leaves the house: to be saved, never to be shown within the portal."""

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from best_portal.files.names import safe_name

# Should a browser show it after all, nothing in it runs and nothing is fetched.
SANDBOX = "default-src 'none'; sandbox"


def as_attachment(pieces, *, name, media_type, size):
    """The file under its own name in any script (RFC 6266), of no other type than its own."""
    return StreamingHttpResponse(
        pieces,
        content_type=media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, safe_name(name)),
            "Content-Length": str(size),
            "Content-Security-Policy": SANDBOX,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
