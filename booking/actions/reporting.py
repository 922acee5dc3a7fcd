"""The follow-up report: a quarter in figures, the same for every reader. Imports storage and the domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from booking.actions.looking import Place
from booking.domain.facts import Who
from booking.domain.people import Organisation, OrganisationId, Viewer
from booking.domain.permissions import Deed, require
from booking.domain.quarters import Quarter
from booking.domain.reporting import Report, report
from booking.domain.spans import Span
from booking.storage import organisations
from booking.storage import reporting as stored


@dataclass(frozen=True)
class FollowUp:
    """A quarter of a premises and the one before it, with the names of the organisations in them."""

    place: Place
    report: Report
    before: Report
    organisations: Mapping[OrganisationId, Organisation]


def follow_up(viewer: Viewer, place: Place, quarter: Quarter, now: datetime) -> FollowUp:
    """The report of a quarter of a premises the viewer may use. Nothing in it depends on who reads it."""
    require(viewer, Deed.REPORT_READ)
    zone = place.premises.zone
    window = Span(quarter.before.span(zone).start, quarter.over(now, zone).end)
    facts = stored.facts(place, window)
    made = report(place.premises, quarter, facts, now)
    before = report(place.premises, quarter.before, facts, now)
    return FollowUp(place, made, before, organisations.by_id(set(_named(made))))


def _named(found: Report) -> Iterable[OrganisationId]:
    """The organisations a report names; guests have no names in it."""
    parties: list[Who] = [who for _, who in found.organisations]
    parties += [who for pair in found.gave_way.groups for who in pair]
    parties += found.missed.groups
    return (who for who in parties if who is not None)
