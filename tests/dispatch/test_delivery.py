"""A letter is durable before anyone is told of it, lands in the mailbox once, and its recipient is told once."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, connections

from dugnad.dispatch import commands, notices, queries
from dugnad.dispatch.models import Dispatch
from dugnad.dispatch.ports import Contact, ContactsUnavailableError, NoticeNotSentError, Ports
from dugnad.dispatch.types import Branding, LetterContent, Paragraph, Recipient
from dugnad.dispatch.typesetting import TypesettingError
from dugnad.shared.actor import Actor
from dugnad.tenancy.commands import scope
from dugnad.tenancy.types import Scope

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PERSON, ORGANISATION = UUID(int=1), UUID(int=2)
BY = Actor.system("test")


def letter(title="Vedtak", kind="decision", person=PERSON):
    content = LetterContent(
        language="nb",
        sender=Branding(name="Stord kommune", colour="#1b4f72"),
        recipient=Recipient("Kari Nordmann"),
        case_number="2026/1",
        date="20. november 2026",
        title=title,
        blocks=(Paragraph("Du får redusert foreldrebetaling."),),
    )
    return commands.NewLetter(
        person_id=person,
        organisation_id=ORGANISATION,
        service="s",
        kind=kind,
        content=content,
        case_id=UUID(int=3),
    )


def create(count=1):
    with scope(Scope(person=PERSON)):
        return [commands.create(letter=letter(f"Vedtak {n}"), by=BY, at=NOW) for n in range(count)]


@pytest.fixture
def as_worker(database):
    place = connections["default"].settings_dict
    with psycopg.connect(database.superuser, autocommit=True) as strong:
        strong.execute(
            "INSERT INTO identity_person (id, identity_number, name, language, municipality, created_at)"
            " VALUES (%s, '00000000001', '', '', '', %s)",
            [PERSON, NOW],
        )
    connection.close()
    place["USER"] = "dugnad_worker"
    yield
    connection.close()
    place["USER"] = "dugnad_web"


@pytest.fixture
def mail(monkeypatch):
    """A contact register that knows one address, and a mail server that keeps what it gets."""

    class Mail:
        email = "kari@example.com"
        language = "nn"
        away = False
        down = False

        def contacts(self, numbers):
            if self.away:
                raise ContactsUnavailableError("timeout")
            return {number: Contact(self.email, self.language) for number in numbers}

        def send(self, messages):
            if self.down:
                raise NoticeNotSentError("no answer")
            self.sent.extend(messages)
            return {message.message_id: "" for message in messages}

    found = Mail()
    found.sent = []
    monkeypatch.setattr(Ports, "contacts", found, raising=False)
    monkeypatch.setattr(Ports, "notices", found, raising=False)
    monkeypatch.setattr(Ports, "address_of_portal", "http://127.0.0.1:8000/min-side", raising=False)
    return found


def test_a_letter_is_in_the_mailbox_as_pdf_when_delivered(as_worker):
    (key,) = create()
    assert commands.deliver(at=NOW) == 1
    with scope(Scope(person=PERSON)):
        assert [line.title for line in queries.mailbox(PERSON)] == ["Vedtak 0"]
        assert queries.unread(PERSON) == 1
        assert queries.document(key).startswith(b"%PDF-")


def test_until_it_is_delivered_it_is_not_in_the_mailbox(as_worker):
    (key,) = create()
    with scope(Scope(person=PERSON)):
        assert queries.mailbox(PERSON) == []
        with pytest.raises(LookupError):
            queries.document(key)


def test_four_workers_at_once_deliver_each_letter_once(as_worker, database):
    create(40)

    def work():
        while commands.deliver(at=NOW, limit=7):
            pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with psycopg.connect(database.superuser) as strong:
        documents = strong.execute(
            "SELECT count(*), count(DISTINCT dispatch_id) FROM dispatch_document"
        ).fetchone()
        delivered = strong.execute(
            "SELECT count(*) FROM events_event WHERE type = 'letter.delivered'"
        ).fetchone()
    assert documents == (40, 40)
    assert delivered == (40,)


def test_one_letter_that_cannot_be_typeset_stops_no_other_and_is_shown(as_worker, monkeypatch):
    create(3)
    real = commands.typeset

    def fails(content, *, at):
        if content.title == "Vedtak 1":
            raise TypesettingError("no")
        return real(content, at=at)

    monkeypatch.setattr(commands, "typeset", fails)
    when = NOW
    for _ in range(commands.MAX_ATTEMPTS + 1):
        commands.deliver(at=when)
        when += timedelta(hours=1)
    with scope(Scope(person=PERSON)):
        assert [line.title for line in queries.mailbox(PERSON)] == ["Vedtak 2", "Vedtak 0"]
        (stuck,) = queries.stuck(ORGANISATION)
        assert (stuck.state, stuck.trouble) == ("failed", "TypesettingError")
        monkeypatch.setattr(commands, "typeset", real)
        assert commands.try_again(dispatch_id=stuck.id, by=BY, at=when)
    commands.deliver(at=when)
    with scope(Scope(person=PERSON)):
        assert len(queries.mailbox(PERSON)) == 3


def test_the_recipient_is_told_once_in_their_language_and_not_what_it_says(as_worker, mail):
    create()
    commands.deliver(at=NOW)
    notices.send(at=NOW)
    notices.send(at=NOW + timedelta(hours=1))
    (message,) = mail.sent
    assert message.to == "kari@example.com"
    assert message.subject == "Du har fått eit brev frå Stord kommune"
    assert "redusert" not in message.text


def test_one_who_is_reserved_is_not_told(as_worker, mail):
    mail.email = ""
    create()
    commands.deliver(at=NOW)
    notices.send(at=NOW)
    assert mail.sent == []
    with scope(Scope(person=PERSON)):
        assert Dispatch.objects.get().notice == "none"


@pytest.mark.parametrize("trouble", ["away", "down"])
def test_a_register_or_mail_server_that_is_away_is_tried_again(as_worker, mail, trouble):
    setattr(mail, trouble, True)
    create()
    commands.deliver(at=NOW)
    notices.send(at=NOW)
    assert mail.sent == []
    setattr(mail, trouble, False)
    notices.send(at=NOW + timedelta(seconds=1))  # not yet
    assert mail.sent == []
    notices.send(at=NOW + timedelta(minutes=3))
    assert len(mail.sent) == 1


def test_a_notice_that_never_goes_out_gives_up_and_is_shown(as_worker, mail):
    mail.down = True
    create()
    commands.deliver(at=NOW)
    when = NOW
    for _ in range(notices.MAX_ATTEMPTS + 2):
        notices.send(at=when)
        when += timedelta(hours=2)
    with scope(Scope(person=PERSON)):
        assert [one.notice for one in queries.stuck(ORGANISATION)] == ["failed"]


def test_opening_is_noted_the_first_time_only(as_worker):
    (key,) = create()
    commands.deliver(at=NOW)
    me = Actor.resident(PERSON)
    for minutes in (1, 5):
        with scope(Scope(person=PERSON)):
            commands.open_letter(dispatch_id=key, by=me, at=NOW + timedelta(minutes=minutes))
    with scope(Scope(person=PERSON)):
        assert queries.letter(key).opened_at == NOW + timedelta(minutes=1)
        assert queries.unread(PERSON) == 0


def test_the_archive_is_apart_from_the_mailbox_and_search_finds_by_words(as_worker):
    keys = create(3)
    commands.deliver(at=NOW)
    with scope(Scope(person=PERSON)):
        assert commands.archive(dispatch_id=keys[1], archived=True, by=BY, at=NOW)
        assert [line.id for line in queries.mailbox(PERSON)] == [keys[2], keys[0]]
        assert [line.id for line in queries.mailbox(PERSON, archived=True)] == [keys[1]]
        assert [line.id for line in queries.mailbox(PERSON, text="VEDTAK 2")] == [keys[2]]
        assert queries.mailbox(PERSON, before=keys[0]) == []


def test_another_person_sees_and_archives_nothing(as_worker):
    (key,) = create()
    commands.deliver(at=NOW)
    connections["default"].settings_dict["USER"] = "dugnad_web"
    connection.close()
    with scope(Scope(person=uuid4())):
        assert queries.mailbox(PERSON) == []
        assert not commands.archive(dispatch_id=key, archived=True, by=BY, at=NOW)
        with pytest.raises(LookupError):
            queries.document(key)
