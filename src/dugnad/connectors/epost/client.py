"""Sends notices by SMTP (RFC 5321), one connection for a whole batch."""

import smtplib
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

from dugnad.dispatch.ports import NoticeMessage, NoticeNotSentError


class SmtpNotices:
    """Implements dispatch.ports.NoticeChannel. `starttls`: demand an encrypted connection (all but the local catcher)."""

    def __init__(self, host: str, port: int, *, sender: str, starttls: bool, timeout: float = 5.0) -> None:
        self._host, self._port, self._sender, self._starttls, self._timeout = (
            host,
            port,
            sender,
            starttls,
            timeout,
        )

    def send(self, messages: Sequence[NoticeMessage]) -> Mapping[str, str]:
        """Send all; for each message id "" or why it was not sent. Raises NoticeNotSentError when nothing could be."""
        try:
            with smtplib.SMTP(self._host, self._port, timeout=self._timeout) as server:
                if self._starttls:
                    server.starttls()
                return {message.message_id: self._one(server, message) for message in messages}
        except (OSError, smtplib.SMTPException) as error:
            raise NoticeNotSentError(f"the mail server did not answer ({type(error).__name__})") from None

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
