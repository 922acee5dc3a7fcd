"""The journal: who did what and when, in the transaction that did it. Ids and names of changed fields only.

Imports the database and the tables. It never holds what is said in a booking.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from booking.domain.people import PersonId
from booking.storage.database import run
from booking.storage.tables import journal


class Action(StrEnum):
    """Every change that is journalled."""

    BOOKING_BOOK = "booking:book"
    BOOKING_IMPORT = "booking:import"  # by the command, in the name of whoever booked it
    BOOKING_CHANGE = "booking:change"
    BOOKING_CANCEL = "booking:cancel"
    BOOKING_RESTORE = "booking:restore"
    BOOKING_CHECK_IN = "booking:check-in"
    BOOKING_END = "booking:end"
    BOOKING_RELEASE = "booking:release"
    BOOKING_DISPLACE = "booking:displace"
    BLOCK_MAKE = "block:make"
    CLOSURE_MAKE = "closure:make"
    CLOSURE_END = "closure:end"
    DOOR_MAKE = "door:make"
    DOOR_CODE = "door:code"
    DOOR_PAIR = "door:pair"
    DOOR_UNPAIR = "door:unpair"
    BOOKING_APPROVE = "booking:approve"
    BOOKING_DECLINE = "booking:decline"
    BOOKING_LAPSE = "booking:lapse"
    BOOKING_DISCLOSE = "booking:disclose"
    BOOKING_DENY = "booking:deny"  # an address of a booking that is not for whoever asked
    BOOKING_REFUSE = "booking:refuse"  # a wish that a rule refused: its organisation and the rule
    DEED_DENY = "deed:deny"
    REVIEW_SIGN = "review:sign"
    REVIEW_MISS = "review:miss"
    FEED_ISSUE = "feed:issue"
    FEED_REVOKE = "feed:revoke"
    TOKEN_ISSUE = "token:issue"
    TOKEN_REVOKE = "token:revoke"
    BOOKING_ASK = "booking:ask"
    BOOKING_HAND_OVER = "booking:hand-over"
    CIRCLE_MAKE = "circle:make"
    CIRCLE_ADMIT = "circle:admit"
    CIRCLE_REMOVE = "circle:remove"
    CIRCLE_LEAVE = "circle:leave"
    CIRCLE_FACTOR = "circle:factor"
    PERSON_RIGHTS = "person:rights"
    PERSON_RESET = "person:reset"
    PERSON_WARN = "person:warn"  # a guest was told that their account ends soon
    PERSON_DEACTIVATE = "person:deactivate"
    PERSON_ADD = "person:add"
    PERSON_PASSWORD = "person:password"
    PERSON_PASSKEY_ADD = "person:passkey-add"
    PERSON_PASSKEY_REMOVE = "person:passkey-remove"
    PERSON_AUTHENTICATOR_ADD = "person:authenticator-add"
    PERSON_AUTHENTICATOR_REMOVE = "person:authenticator-remove"
    PERSON_RECOVERY_CODES = "person:recovery-codes"
    PERSON_RECOVERY_USE = "person:recovery-use"
    PERSON_FACTORS_FORGET = "person:factors-forget"
    PERSON_SIGN_IN = "person:sign-in"
    PERSON_SIGN_IN_FAIL = "person:sign-in-fail"
    PERSON_SESSION_END = "person:session-end"
    PERSON_SESSIONS_END = "person:sessions-end"
    PERSON_LINK = "person:link"
    PERSON_WISHES = "person:wishes"
    PERSON_END = "person:end"
    PERSON_EXTRACT = "person:extract"
    GUEST_INVITE = "guest:invite"
    GUEST_WITHDRAW = "guest:withdraw"
    GUEST_ARRIVE = "guest:arrive"
    GUEST_EXTEND = "guest:extend"
    GUEST_END = "guest:end"
    ORGANISATION_TAKE_IN = "organisation:take-in"
    ORGANISATION_CHANGE = "organisation:change"
    ORGANISATION_REST = "organisation:rest"
    ORGANISATION_WAKE = "organisation:wake"
    ORGANISATION_EXPORT = "organisation:export"
    SEALING_ROTATE = "sealing:rotate"
    RETENTION_DECIDE = "retention:decide"
    RETENTION_DESTROY = "retention:destroy"
    PREMISES_LOAD = "premises:load"
    PREMISES_FURNISH = "premises:furnish"


def record(
    action: Action, subject: str, now: datetime, actor: PersonId | None = None, fields: Iterable[str] = ()
) -> None:
    """Add one row, in the transaction that runs."""
    row = {
        "at": now,
        "actor_id": actor,
        "action": action.value,
        "subject": subject,
        "fields": ",".join(sorted(fields))[:200],
    }
    run(journal.insert(), row)


def was_recorded(action: Action, subject: str, since: datetime) -> bool:
    """Whether something was done to a subject at an instant or after it."""
    query = select(journal.c.id).where(
        journal.c.subject == subject, journal.c.action == action.value, journal.c.at >= since
    )
    return run(query.limit(1)).first() is not None


def is_noted(action: Action, subject: str, field: str, since: datetime) -> bool:
    """Whether an action on a subject was recorded with just this field at an instant or after it."""
    query = select(journal.c.id).where(
        journal.c.subject == subject,
        journal.c.action == action.value,
        journal.c.fields == field,
        journal.c.at >= since,
    )
    return run(query.limit(1)).first() is not None


def fields_at(action: Action, subject: str, at: datetime) -> tuple[str, ...] | None:
    """What was noted of an action on a subject at exactly this instant; None when there was none."""
    query = select(journal.c.fields).where(
        journal.c.subject == subject, journal.c.action == action.value, journal.c.at == at
    )
    fields = run(query.limit(1)).scalar()
    return None if fields is None else tuple(each for each in fields.split(",") if each)


def count_since(action: Action, actor: PersonId, since: datetime) -> int:
    """How many times somebody did something after an instant."""
    query = select(func.count()).where(
        journal.c.action == action.value, journal.c.actor_id == actor, journal.c.at > since
    )
    count: int = run(query).scalar_one()
    return count


def latest() -> datetime | None:
    """When the latest entry was made; None while there is none."""
    found: datetime | None = run(select(func.max(journal.c.at))).scalar()
    return found
