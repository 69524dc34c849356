"""Somebody signed in who asks the real application over HTTP, without a browser."""

import re
from html import unescape
from typing import Any

import httpx
from house_program import MemoryProgram


class Visitor:
    """A person of the program who opens pages, sends forms and files, and calls the REST interface.

    Each answer is as it came: redirects are not followed, refusals raise nothing.
    """

    def __init__(self, program: MemoryProgram, client: httpx.Client, name: str) -> None:
        self._client = client
        self._headers = {"Cookie": program.cookie(name), "Sec-Fetch-Site": "same-origin"}

    def get(self, path: str) -> httpx.Response:
        return self._client.get(path, headers=self._headers)

    def send(self, path: str, fields: dict[str, str]) -> httpx.Response:
        return self._client.post(path, data=fields, headers=self._headers)

    def upload(self, path: str, text: str, **fields: str) -> httpx.Response:
        files = {"file": ("given", text.encode())}
        return self._client.post(path, data=fields, files=files, headers=self._headers)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        more: dict[str, Any] = {} if method == "GET" else {"json": body or {}}
        return self._client.request(method, f"/api/v1{path}", headers=self._headers, **more)


def said(answer: httpx.Response) -> str:
    """The sentence that a page without scripts shows as a problem; empty where there is none."""
    found = re.search(r'role="alert">(.*?)</p>', answer.text, re.DOTALL)
    return unescape(found[1]) if found else ""
