"""How high a campaign ranks by the text of its links. Light to import: the model is read when it is asked."""

from dijkwacht.rooms.phishing.campaigns.models import Campaign


def ranked(campaign: Campaign) -> float:
    """Give the score of the link that ranks highest, between 0 and 1; 0 where no model is installed."""
    from .reads import score

    links = [one["link"] for one in campaign.analysis.get("links", [])]
    scores = [score(one["clean"]) for one in links if one["where"] != "resource"]
    return max((one for one in scores if one is not None), default=0.0)
