"""The live process: sockets only. Pages and the API are served by ``heart.wsgi``."""

import json
import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heart.settings")
django.setup()

from heart.live import hub, routing, sockets  # noqa: E402 - apps must be loaded first


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Sockets to the screens' consumer; ``/ws/health/`` says whether the journal is being read."""
    match scope["type"]:
        case "lifespan":
            await _lifespan(receive, send)
        case "websocket":
            known = {**scope, "heart.transport": sockets.transport_of(send)}
            await routing.sockets(known, receive, send)
        case "http":
            await _health(scope["path"], send)


async def _lifespan(receive: Any, send: Any) -> None:
    await receive()
    hub.hub()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await hub.stop()
    await send({"type": "lifespan.shutdown.complete"})


async def _health(path: str, send: Any) -> None:
    state = hub.hub().state()
    status = 404 if path != "/ws/health/" else 200 if state["reading"] else 503
    head = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": head})
    body = json.dumps(state if status != 404 else {"error": "sockets only"})
    await send({"type": "http.response.body", "body": body.encode()})
