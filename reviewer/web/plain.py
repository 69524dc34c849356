"""Whole pages of our own, without any script: signing in, people, one's account.

Invariant: such a page loads nothing, sends its forms to this origin alone, and is kept by nobody.
"""

from markupsafe import Markup
from starlette.responses import HTMLResponse

from reviewer.export.report import stylesheet
from reviewer.web.guard import DOCUMENT_POLICY
from reviewer.web.rendering import page_templates

_HEADERS = {
    "Content-Security-Policy": DOCUMENT_POLICY.replace("form-action 'none'", "form-action 'self'"),
    "Cache-Control": "no-store",
}


def plain_page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """The page that `template` makes of `values`."""
    css = Markup(stylesheet("tokens", "parts"))  # noqa: S704 - our own files
    html = page_templates().get_template(template).render(css=css, **values)
    return HTMLResponse(html, status, headers=_HEADERS)
