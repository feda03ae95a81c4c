"""The web door: pages and a JSON API over the desk, for a browser on this machine or, with tokens, on others.

    front, routes (what there is, and who may) ─▶ guard ─▶ app ─▶ pages, api, feeds ─▶ templates | JSON

`serving.serve` opens it. Needs the extra `web` (Starlette, uvicorn, Jinja2), which nothing else here imports.
"""
