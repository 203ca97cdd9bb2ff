"""The page of an error, in the design of the others."""

from __future__ import annotations

from typing import Any

from crawler.browse.languages import language_of


async def error_page(datasette: Any, request: Any, exception: Exception) -> Any:
    """The response to a request that failed; None for JSON, which Datasette answers, as it prints tracebacks."""
    from datasette import Response
    from datasette.utils.asgi import Base400
    from datasette.views.base import DatasetteError

    if request.path.endswith(".json"):
        return None
    title, status = None, 500
    if isinstance(exception, DatasetteError):
        title, status = exception.title, exception.status
        message = exception.message
        if exception.message_is_html:  # a query that takes too long; Datasette's page of it has a script
            limit = datasette.setting("sql_time_limit_ms")
            message = language_of(request).text("The query took longer than %(limit)s ms.", limit=limit)
    elif isinstance(exception, Base400):
        status, message = exception.status, str(exception.args[0]) if exception.args else ""
    else:
        message = f"{type(exception).__name__}: {exception}"
    context = {"title": title, "status": status, "error": message}
    html = await datasette.render_template("rasid_error.html", context, request=request)
    return Response.html(html, status=status)
