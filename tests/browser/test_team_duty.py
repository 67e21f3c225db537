"""A crew on its phone: on duty, in danger, writing up, beginning a contact of its own."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Sits
from tests.browser.person import PHONE
from tests.browser.phone import choose, hold, on_a_call
from tests.browser.world import World
from tests.console import Console, until

HERE = {"latitude": 31.0452, "longitude": -70.0381}


def test_backup_is_held_and_has_its_own_state(sits: Sits, world: World) -> None:
    with on_a_call(world, "start", "arrival"):
        page = sits("team", viewport=PHONE).opens("/team/")

        hold(page, "#backup-POLICE", 400)  # a slip of the thumb
        page.wait_for_timeout(500)
        expect(page.locator("#backup-POLICE")).to_contain_text("Police now")

        hold(page, "#backup-POLICE")
        expect(page.locator("#backup-POLICE")).to_contain_text("Police requested")
        expect(page.locator(".team-level .level-big")).to_contain_text("4")
        page.locator("#backup-POLICE").click()
        expect(page.locator("#backup-POLICE")).to_contain_text("arrived")


def test_panic_is_held_works_without_signal_and_says_what_else_to_do(
    sits: Sits, world: World, console: Console
) -> None:
    with on_a_call(world, "start", "arrival") as (_, run):
        team = sits("team", viewport=PHONE)
        page = team.opens("/team/")
        fallback = page.locator("[data-fallback]")
        expect(fallback).to_be_hidden()

        team.context.set_offline(True)
        hold(page, "#panic")
        expect(fallback).to_be_visible()
        expect(fallback).to_contain_text("Panic, pressed")
        expect(fallback).to_contain_text("Radio")

        team.context.set_offline(False)
        expect(page.locator("#team-now")).to_contain_text("Panic since", timeout=30_000)
        expect(fallback).to_be_hidden()
        told = console.sql(
            "SELECT count(*) FROM journal_entry WHERE verb = 'unit.panic' AND payload ->> 'run_id' = %s",
            (str(run),),
        )
        assert told == [(1,)]
        end_panic(console, world)


def test_panic_by_keyboard_is_held_too(sits: Sits, world: World, console: Console) -> None:
    page = sits("team", viewport=PHONE).opens("/team/")
    page.locator("#panic").focus()

    page.keyboard.down("Enter")
    page.wait_for_timeout(300)
    page.keyboard.up("Enter")
    page.wait_for_timeout(500)
    expect(page.locator("#team-now")).not_to_contain_text("Panic since")

    page.keyboard.down(" ")
    page.wait_for_timeout(1700)
    page.keyboard.up(" ")
    expect(page.locator("#team-now")).to_contain_text("Panic since")
    end_panic(console, world)


def test_screen_reader_presses_panic_twice(sits: Sits, world: World, console: Console) -> None:
    page = sits("team", viewport=PHONE).opens("/team/")

    page.evaluate("document.getElementById('panic').click()")
    expect(page.locator("[data-hold-said]")).to_have_text("Press again to send: Panic")
    expect(page.locator("#team-now")).not_to_contain_text("Panic since")
    page.evaluate("document.getElementById('panic').click()")

    expect(page.locator("#team-now")).to_contain_text("Panic since")
    end_panic(console, world)


def test_location_is_shared_while_on_duty_and_switched_on(sits: Sits, console: Console) -> None:
    team = sits("team", viewport=PHONE)
    team.context.grant_permissions(["geolocation"])
    team.context.set_geolocation(HERE)
    page = team.opens("/team/")
    switch = page.locator("[data-location]")
    expect(switch).to_have_text("Share location")
    page.wait_for_timeout(1000)
    assert positions(console) == []

    switch.click()
    expect(switch).to_contain_text("Location on, sent")
    assert positions(console) == [(HERE["latitude"], HERE["longitude"])]
    page.reload()
    expect(switch).to_have_attribute("aria-pressed", "true")  # the same shift

    page.locator("#sign-off").click()
    expect(page.locator("#team-now")).to_contain_text("You are not signed on")
    expect(switch).to_be_hidden()
    assert positions(console) == []

    page.locator("#sign-on-peer").click()
    expect(page.locator("#sign-off")).to_be_visible()
    expect(switch).to_have_attribute("aria-pressed", "false")  # another shift
    assert positions(console) == []


def test_team_without_its_three_says_so_until_it_is_whole(sits: Sits) -> None:
    page = sits("team", viewport=PHONE).opens("/team/")
    page.locator("#sign-off").click()
    expect(page.locator(".team-strip")).to_contain_text("Team without peer support specialist")

    page.locator("#sign-on-peer").click()
    expect(page.locator(".team-strip")).to_have_count(0)


def test_encounter_survives_a_reload_and_is_stored_once(
    sits: Sits, world: World, console: Console
) -> None:
    number = world.call("TRESPASS")
    run = world.does(f"calls/{number}/assignments/", {"unit": "CRT1"})["id"]
    for step in ("start", "arrival"):
        world.does(f"runs/{run}/{step}/")
    page = sits("team", viewport=PHONE).opens("/team/")
    page.locator("#step-clear").click()
    page.locator("dialog[open] [type=submit]").click()
    expect(page.locator("[data-problem=outcome]")).to_have_text("choose one")

    choose(page, "outcome", "transported")
    page.locator("[name=transported_to]").fill("Crisis centre")
    choose(page, "injuries", "none")
    choose(page, "felt_safe", "yes")
    page.locator(".team-more summary").click()
    choose(page, "referrals", "clinic")
    choose(page, "referrals", "shelter")
    choose(page, "consent_language", "es")
    expect(page.locator("[data-read=es]")).to_be_visible()
    expect(page.locator("[data-read=en]")).to_be_hidden()
    choose(page, "consent", "yes")
    page.locator("dialog[open] [type=submit]").click()
    expect(page.locator("[data-problem=by_call]")).to_have_text("choose call or text")
    page.locator("dialog[open] label").filter(has=page.locator("[name=by_call]")).click()
    page.locator("[name=consent_phone]").fill("555-0199")

    page.wait_for_timeout(300)
    page.reload()
    page.locator("#step-clear").click()
    expect(page.locator("[name=transported_to]")).to_have_value("Crisis centre")
    expect(page.locator("[name=referrals][value=shelter]")).to_be_checked()
    page.locator("dialog[open] [type=submit]").click()
    expect(page.locator("#team-now")).to_contain_text("Free")

    stored = console.sql(
        "SELECT transported_to, referrals::text, consent, consent_language, by_call, by_text,"
        " consent_phone FROM dispatch_encounter WHERE run_id = %s",
        (run,),
    )
    assert stored == [
        ("Crisis centre", '["clinic", "shelter"]', "yes", "es", True, False, "555-0199")
    ]
    assert drafts(page) == 1  # the last record; what was typed is gone


def test_contact_of_its_own_begins_on_scene(sits: Sits, world: World, console: Console) -> None:
    console.sql(
        "INSERT INTO intake_neighbor (name, phone, language) VALUES ('Rowan Teal', '', 'en') RETURNING id"
    )
    page = sits("team", viewport=PHONE).opens("/team/")
    page.locator("#begin-contact").click()
    page.locator("[name=location_text]").fill("bench at Lantern Park")
    page.locator("[data-neighbor-words]").fill("teal")
    page.locator("[data-neighbor-search]").click()
    page.locator("#neighbors label", has_text="Rowan Teal").click()
    page.locator("dialog[open] [type=submit]").click()

    expect(page.locator("#duty .chip")).to_have_text("on scene")
    expect(page.locator(".team-address")).to_contain_text("bench at Lantern Park")
    rows = console.sql(
        "SELECT r.id, n.name FROM dispatch_run r JOIN intake_call c ON c.id = r.call_id"
        " JOIN intake_neighbor n ON n.id = c.neighbor_id WHERE c.source = 'field'"
    )
    assert [name for _, name in rows] == ["Rowan Teal"]
    world.does(f"runs/{rows[0][0]}/clear/", {"outcome": "resolved", "felt_safe": "yes"})


def test_we_are_fine_starts_the_next_check(sits: Sits, world: World) -> None:
    with on_a_call(world, "start", "arrival"):
        page = sits("team", viewport=PHONE).opens("/team/")
        due = page.locator("#step-check time")
        before = due.get_attribute("datetime")

        page.locator("#step-check").click()

        until(lambda: due.get_attribute("datetime") != before, 15, "another check")


def end_panic(console: Console, world: World) -> None:
    """Somebody in dispatch has seen to it."""
    console.manage(
        "shell",
        "--verbosity=0",
        "--command",
        "from dispatch.safety_actions import end_watch; from dispatch.models import Watch;"
        "from heart.accounts.models import User;"
        "by = User.objects.get(username='dispatcher').actor('console');"
        "[end_watch(watch_id=w.pk, reason='test', by=by)"
        " for w in Watch.objects.filter(kind='panic').exclude(status='ended')]",
    )


def positions(console: Console) -> list[tuple[float, float]]:
    rows: list[tuple[float, float]] = console.sql(
        "SELECT latitude, longitude FROM dispatch_unitposition"
    )
    return rows


def drafts(page: Page) -> int:
    """How much this browser keeps."""
    page.wait_for_timeout(500)
    found: int = page.evaluate(
        """() => new Promise((resolve) => {
          const opening = indexedDB.open("heart-drafts");
          opening.onsuccess = () => {
            const asked = opening.result.transaction("drafts").objectStore("drafts").count();
            asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
          };
        })"""
    )
    return found
