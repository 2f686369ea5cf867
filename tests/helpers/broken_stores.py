"""Stores that are wrong on purpose, each in one way that real systems were, and what catches it.

`PlainStore` is right: a store in memory whose commit is cut into steps. Each broken one spoils a
step, and stands with those that are wrong in the same thing.
"""

from tests.helpers import (
    broken_commits,
    broken_facts,
    broken_packages,
    broken_pieces,
    broken_races,
    broken_stores_of_plans,
    broken_texts,
    broken_versions,
)

#: What is wrong, the test that says so, and with which words.
CAUGHT_BY = {
    kind: (f"test_{test}", words)
    for room in (
        broken_packages,
        broken_facts,
        broken_texts,
        broken_commits,
        broken_pieces,
        broken_versions,
        broken_stores_of_plans,
        broken_races,
    )
    for kind, (test, words) in room.CAUGHT_BY.items()
}

#: Each test of the contract, with a store that it alone catches: without it that store would pass.
CAUGHT_ALONE = {
    f"test_{test}": next(kind for kind in CAUGHT_BY if kind.__name__ == name)
    for test, name in (
        ("a_movement_of_what_is_not_held_is_refused", "ReturnsToNowhere"),
        ("a_package_comes_to_whoever_holds_it", "SharesBothWays"),
        ("a_quote_is_what_redeeming_then_does", "HoldsWhatIsShown"),
        ("a_return_goes_back_where_it_came_from", "ReturnsToAnotherPackage"),
        ("a_return_is_never_refused", "RefusesReturnsIntoArchived"),
        ("a_return_needs_no_version", "ReturnsNeedTheVersion"),
        ("a_shared_package_has_one_balance", "CountsByClient"),
        ("a_version_from_the_future_is_refused", "AnyLaterVersionWillDo"),
        ("an_old_change_is_not_taken_for_a_lost_acknowledgement", "RemembersEveryCommit"),
        ("as_many_packages_come_as_there_may_be", "OnlyAHundred"),
        ("every_act_is_read_back", "OneMovementForAnAct"),
        ("every_act_on_an_older_version_is_refused", "VersionIgnoredOnMoves"),
        ("every_change_of_a_call_is_committed", "OnlyTwoChanges"),
        ("every_fact_of_a_package_is_kept", "PackageWithoutPauses"),
        ("every_fact_of_a_redemption_is_kept", "UtcForgotten"),
        ("every_move_is_read_back", "FreeUntilRecomputed"),
        ("every_package_with_a_credit_comes", "OnlyActive"),
        ("ids_differ_in_every_character", "CaseBlind"),
        ("ids_of_entitlements_differ_in_every_character", "CaseBlindEntitlements"),
        ("ids_of_sharers_differ_in_every_character", "LikeSharers"),
        ("many_threads_keep_a_quota", "VersionsComparedEarly"),
        ("many_threads_on_one_booking", "BookingsLookedForEarly"),
        ("many_threads_on_the_last_credits", "CreditsLookedAtEarly"),
        ("movements_that_the_draws_do_not_say_are_refused", "TakesNoMovements"),
        ("no_change_at_all_is_a_success", "NeedsAChange"),
        ("no_entitlement_falls_below_zero", "LooksForOneCredit"),
        ("one_of_two_endings_wins", "VersionsLookedAtEarly"),
        ("packages_are_read_at_one_moment", "PackagesReadOneByOne"),
        ("packages_named_besides_come_in_any_state", "NamedUnlessOver"),
        ("several_changes_are_all_or_nothing", "HalfACommit"),
        ("several_changes_are_judged_together", "JudgedInOrder"),
        ("texts_are_kept_whole", "NotesCutAtNul"),
        ("unlimited_credits_stay_unlimited", "UnlimitedUntilDrawnOn"),
        ("uses_and_version_are_of_one_moment", "CreditsReadLast"),
        ("versions_are_judged_as_they_were_before_the_call", "VersionsComparedOneByOne"),
        ("what_another_object_has_committed_is_seen", "CachesReads"),
        ("what_is_decided_on_another_version_is_refused", "VersionsOfPackagesIgnoredOnMoves"),
        ("what_is_over_is_asked_of_the_instant_given", "LeavesOutWhatIsOverByTheClock"),
        ("what_is_stored_is_a_success", "NoReplay"),
        ("who_comes_second_is_told_at_the_second_try", "StaleAfterAConflict"),
    )
}
