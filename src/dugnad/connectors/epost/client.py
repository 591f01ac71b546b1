"""Sends notices by SMTP (RFC 5321), one connection for a whole batch, kept a little while for the next."""

import contextlib
import smtplib
import time
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage

from dugnad.dispatch.ports import NoticeMessage, NoticeNotSentError

KEPT_SECONDS = 20.0
_READY = 250


class SmtpNotices:
    """Implements dispatch.ports.NoticeChannel. `starttls`: demand an encrypted connection (all but the local catcher).

    For one thread: a connection that served a batch within `KEPT_SECONDS` serves the next, if the server still answers.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        sender: str,
        starttls: bool,
        timeout: float = 5.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._host, self._port, self._sender, self._starttls, self._timeout = (
            host,
            port,
            sender,
            starttls,
            timeout,
        )
        self._now = monotonic
        self._kept: smtplib.SMTP | None = None
        self._used_at = 0.0

    def send(self, messages: Sequence[NoticeMessage]) -> Mapping[str, str]:
        """Send all; for each message id "" or why it was not sent. Raises NoticeNotSentError when nothing could be."""
        try:
            server = self._server()
            answers = {message.message_id: self._one(server, message) for message in messages}
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise NoticeNotSentError(f"the mail server did not answer ({type(error).__name__})") from None
        self._used_at = self._now()
        return answers

    def close(self) -> None:
        """Leave the server."""
        server, self._kept = self._kept, None
        if server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _server(self) -> smtplib.SMTP:
        if self._kept is not None and (
            self._now() - self._used_at > KEPT_SECONDS or not _answers(self._kept)
        ):
            self.close()
        if self._kept is None:
            self._kept = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
            if self._starttls:
                self._kept.starttls()
        return self._kept

    def _one(self, server: smtplib.SMTP, message: NoticeMessage) -> str:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, message.to, message.subject
        mail["Message-ID"], mail["Auto-Submitted"] = message.message_id, "auto-generated"
        mail.set_content(message.text)
        try:
            server.send_message(mail)
        except smtplib.SMTPRecipientsRefused:
            return "the address was refused"
        except smtplib.SMTPResponseException as error:
            return f"the mail server answered {error.smtp_code}"
        return ""


def _answers(server: smtplib.SMTP) -> bool:
    try:
        code, _ = server.noop()
    except (OSError, smtplib.SMTPException):
        return False
    return code == _READY
