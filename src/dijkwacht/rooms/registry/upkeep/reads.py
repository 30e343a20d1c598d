"""The only way to rows of the upkeep: change notices and reviews. What an actor may not see is not there."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.registry.reach import one, own_registrations
from dijkwacht.rooms.registry.upkeep.models import ChangeNotice, Review, ReviewCampaign


def change_notices_for(actor: Actor, *, organisation: UUID | None = None, state: str = "") -> QuerySet[ChangeNotice]:
    """Return the change notices of the actor's own organisations, for the centre all; the shortest term first."""
    rows = ChangeNotice.objects.select_related("organisation")
    rows = rows if actor.is_centre else rows.filter(organisation_id__in=own_registrations(actor))
    rows = rows.filter(organisation=organisation) if organisation else rows
    return rows.filter(state=state) if state else rows


def access_change_notice(actor: Actor, identifier: UUID) -> ChangeNotice:
    """Return a change notice. Raises NotFound."""
    return one(change_notices_for(actor), "change notice", "wijzigingsmelding", id=identifier)


def reviews_for(actor: Actor, *, organisation: UUID | None = None, campaign: UUID | None = None) -> QuerySet[Review]:
    """Return the reviews of the actor's own organisations, for the centre all; the shortest term first."""
    rows = Review.objects.select_related("organisation")
    rows = rows if actor.is_centre else rows.filter(organisation_id__in=own_registrations(actor))
    rows = rows.filter(organisation=organisation) if organisation else rows
    return rows.filter(campaign=campaign) if campaign else rows


def access_review(actor: Actor, identifier: UUID) -> Review:
    """Return a review. Raises NotFound."""
    return one(reviews_for(actor), "review", "herbeoordeling", id=identifier)


def review_campaigns_for(actor: Actor) -> QuerySet[ReviewCampaign]:
    """Return the campaigns, newest first, each with how many were asked and how many are done; the centre's alone."""
    done = Count("reviews", filter=Q(reviews__confirmed_at__isnull=False))
    rows = ReviewCampaign.objects.annotate(asked=Count("reviews"), done=done)
    return rows if actor.is_centre else rows.none()


def access_review_campaign(actor: Actor, identifier: UUID) -> ReviewCampaign:
    """Return a campaign with its progress. Raises NotFound."""
    return one(review_campaigns_for(actor), "review", "herbeoordeling", id=identifier)
