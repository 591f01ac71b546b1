"""A person with a browser without scripts, over real HTTP: keeps cookies and the connection, fills in the forms it is shown."""

import http.client
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

SERVICE = "redusert-foreldrebetaling"
PAGES = (
    {"answer.barna stemmer": "ja"},
    {"answer.samboer uten felles barn": "nei", "answer.varig inntektsnedgang": "nei"},
)
_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_REDIRECTS = {301, 302, 303, 307, 308}
_TIMEOUT_SECONDS = 60
_LETTER_SECONDS = 60
_LOOK_AGAIN_SECONDS = 0.1


class UnexpectedPageError(RuntimeError):
    """The portal answered with something else than the person had reason to expect."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A page: its status, where it is (path and query) and what it says."""

    status: int
    address: str
    body: bytes
    location: str = ""

    @property
    def text(self) -> str:
        """The page as text."""
        return self.body.decode("utf-8", "replace")

    def hidden(self, containing: str = "") -> dict[str, str]:
        """The hidden fields of the first form that contains a text."""
        for form in _FORM.findall(self.text):
            if containing in form:
                return {unescape(name): unescape(value) for name, value in _HIDDEN.findall(form)}
        raise UnexpectedPageError(f"no form with {containing!r} on {self.address} ({self.status})")


@dataclass
class Visitor:
    """One person's browser; `origin` like http://127.0.0.1:8000."""

    origin: str
    number: str
    cookies: dict[str, str] = field(default_factory=dict)
    pages: int = 0
    _connection: http.client.HTTPConnection | None = None

    def get(self, address: str, *, follow: bool = True) -> Answer:
        """Open a page."""
        return self._follow(self._ask("GET", address), follow=follow)

    def post(
        self, address: str, fields: Mapping[str, str], *, multipart: bool = False, follow: bool = True
    ) -> Answer:
        """Send a form."""
        kind, body = _multipart(fields) if multipart else _urlencoded(fields)
        return self._follow(self._ask("POST", address, body, kind), follow=follow)

    def log_in(self, *, at_work: bool = False) -> Answer:
        """Log in at home or at work with the eID, all the way over the simulator."""
        where, first_page = ("jobb", "/saker") if at_work else ("hjemme", "/min-side")
        begun = self.post("/logg-inn", self.get("/logg-inn").hidden(f'value="{where}"'))
        fields = begun.hidden('name="number"') | {"number": self.number, "login": "1"}
        fields["level"] = "idporten-loa-high"
        home = self.post(urlsplit(begun.address).path, fields)
        if home.status != 200 or not home.address.startswith(first_page):
            raise UnexpectedPageError(f"login ended on {home.address} ({home.status})")
        return home

    def open_form(self) -> Answer:
        """From the service to the first page of the form."""
        start = f"/soknad/{SERVICE}/start"
        return self.expect(
            self.post(start, self.get(start).hidden("csrfmiddlewaretoken")), r"^/soknad/[0-9a-f-]+/1$"
        )

    def fill_in(self, page: Answer) -> Answer:
        """From the first page of the form to the summary."""
        for answers in PAGES:
            fields = page.hidden("revision") | answers | {"do": "next"}
            page = self.expect(
                self.post(page.address, fields, multipart=True), r"^/soknad/[0-9a-f-]+/(\d+|oppsummering)$"
            )
        return self.expect(page, r"/oppsummering$")

    def send(self, summary: Answer) -> Answer:
        """Send the application; returns the page of the case."""
        address = summary.address.replace("/oppsummering", "/send")
        return self.expect(self.post(address, summary.hidden("revision")), r"^/sak/[0-9a-f-]+")

    def read_letter(self, case: Answer) -> bytes:
        """Wait for the letter as the page of the case does, open it in the mailbox, fetch its PDF."""
        part, ends = case, time.monotonic() + _LETTER_SECONDS
        path = urlsplit(case.address).path + "/brev"
        while not (found := re.search(r'href="(/min-side/postkasse/[0-9a-f-]+)"', part.text)):
            if time.monotonic() > ends:
                raise UnexpectedPageError("no letter came")
            time.sleep(_LOOK_AGAIN_SECONDS)
            part = self.expect(self.get(path), r"/brev$")
        mailbox = self.expect(self.get("/min-side/postkasse"), r"^/min-side/postkasse$")
        if found[1] not in mailbox.text:
            raise UnexpectedPageError("the letter is not in the mailbox")
        self.expect(self.get(found[1]), re.escape(found[1]))
        document = self.get(f"{found[1]}/brev.pdf")
        if not document.body.startswith(b"%PDF-"):
            raise UnexpectedPageError(f"no PDF ({document.status})")
        return document.body

    def apply(self) -> bytes:
        """Everything from the opened form to the letter; returns its PDF."""
        return self.read_letter(self.send(self.fill_in(self.open_form())))

    def expect(self, answer: Answer, address: str) -> Answer:
        """The answer, if it is a page at such an address. Raises UnexpectedPageError."""
        if answer.status != 200 or not re.search(address, urlsplit(answer.address).path):
            raise UnexpectedPageError(f"{answer.address} ({answer.status}), expected {address}")
        return answer

    def close(self) -> None:
        """Close the browser's connection; the cookies stay."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _follow(self, answer: Answer, *, follow: bool) -> Answer:
        while follow and answer.status in _REDIRECTS:
            answer = self._ask("GET", answer.location)
        return answer

    def _ask(self, method: str, address: str, body: bytes = b"", kind: str = "") -> Answer:
        address = address.partition("#")[0].removeprefix(self.origin)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept": "text/html",
        }
        if method == "POST":
            headers |= {"Content-Type": kind, "Origin": self.origin}
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                urlsplit(self.origin).netloc, timeout=_TIMEOUT_SECONDS
            )
        self.pages += 1
        try:
            self._connection.request(method, address, body or None, headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        for header in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        return Answer(response.status, address, content, response.headers.get("Location", ""))


def _urlencoded(fields: Mapping[str, str]) -> tuple[str, bytes]:
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def _multipart(fields: Mapping[str, str]) -> tuple[str, bytes]:
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return f"multipart/form-data; boundary={boundary}", ("".join(parts) + f"--{boundary}--\r\n").encode()
