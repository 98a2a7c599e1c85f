"""The front page where nothing fits: what may have happened then is not kept back."""

from __future__ import annotations


def test_days_in_which_nobody_looked_show_what_was_seen_later(site) -> None:
    text = site.get("/?since=2021-03-09&until=2021-03-10").text
    assert "may have happened in those days" in text
    assert "Back in four lists" in text and "Figure changed" not in text
    only = site.get("/?since=2021-03-09&until=2021-03-10&kind=counter_anomaly").text
    assert "Counter fell behind the calendar" in only and "Back in four lists" not in only


def test_days_behind_the_last_look_have_nothing(site) -> None:
    text = site.get("/?since=2021-04-01&until=2021-04-02").text
    assert "No change fits." in text and "may have happened" not in text
