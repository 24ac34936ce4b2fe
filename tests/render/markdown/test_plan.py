"""Plans as Markdown."""

from dataclasses import replace

from markdown_it import MarkdownIt

from blinkdecl.diagnostics import Diagnostic, Position
from blinkdecl.model.plan import Action, Change, Difference, Drift, Options, Plan, RoutingRow
from blinkdecl.render.markdown.page import PageOptions
from blinkdecl.render.markdown.plan import plan_markdown
from blinkdecl.render.text.layout import Layout
from blinkdecl.render.view.plan import failed_plan_view, plan_view

NARROWED = Change(
    "destination.soc",
    Action.UPDATE,
    "id",
    {"severities": ("HIGH", "CRITICAL")},
    {"severities": ("HIGH",)},
    (Difference("severities", ("HIGH", "CRITICAL"), ("HIGH",)),),
)
LOST = RoutingRow(("CRITICAL",), ("RULE",), None, ("destination.soc",), ())
PLAN = Plan("lineage", 1, "digest", changes=(NARROWED,), routing=(LOST,))


def test_what_is_lost_comes_first() -> None:
    """The sum, then who receives nothing any more, then the table of changes with a diff folded below."""
    lines = plan_markdown(plan_view(PLAN)).split("\n")
    assert lines[:6] == [
        "<!-- blinkdecl:plan -->",
        "## Plan: 0 to add, 1 to change, 0 to destroy.",
        "",
        "> [!CAUTION]",
        "> **After this plan nobody receives:**",
        "> - **CRITICAL** (RULE; every log); until now soc",
    ]
    assert "| update | `destination.soc` |  |" in lines
    assert "!       severities   = [HIGH, CRITICAL] -> [HIGH]" in lines
    assert "| CRITICAL | RULE; every log | soc | **nobody** |" in lines


def test_what_applies_exactly_this_is_code() -> None:
    """Whole, with what was chosen, on one line; where nothing changes, the digest alone."""
    digest = "prod-3f2a-91c0de-77ab12-04fe9d-8c1f5e0a2b4d6f8091a3b5c7d9e1f203"
    chosen = replace(PLAN, review_digest=digest, options=Options(("destination.soc-*",), allow_deletes=3))
    told = "apply --target 'destination.soc-*' --allow-deletes 3 --expect"
    page = plan_markdown(plan_view(chosen), PageOptions(layout=Layout(program="blinkdecl -C x --env prod")))
    assert f"\n\nTo apply exactly this: `blinkdecl -C x --env prod {told} {digest}`\n" in page
    assert f"\n\nReview digest: `{digest}`\n" in plan_markdown(plan_view(replace(chosen, changes=())))
    destroy = replace(PLAN, review_digest=digest, options=Options(destroy=True))
    assert f"`blinkdecl destroy --expect {digest}`" in plan_markdown(plan_view(destroy))


def test_offline_is_in_the_title() -> None:
    """With and without an environment; what was not read is said below."""
    offline = replace(PLAN, offline=True)
    titles = {"## Offline plan: 0 to": offline, "## Offline plan for dev: 0 to": replace(offline, environment="dev")}
    for title, plan in titles.items():
        lines = plan_markdown(plan_view(plan)).split("\n")
        assert lines[1].startswith(title)
        assert any(each.startswith("> Offline: no connection was opened") for each in lines)


def test_triggers_are_counted_below_the_title() -> None:
    """The title is one line; what comes besides is a paragraph of its own."""
    made = Change("trigger.soc", Action.CREATE, after={"automation": "Triage"})
    lines = plan_markdown(plan_view(replace(PLAN, changes=(made, NARROWED), routing=()))).split("\n")
    assert lines[1:4] == ["## Plan: 0 to add, 1 to change, 0 to destroy.", "", "1 trigger to record."]


def test_triggers_are_recorded_and_forgotten() -> None:
    """In the table as in the text: nothing is created or destroyed in Blink."""
    attributes = {"automation": "Triage"}
    new, old, same = (
        Change("trigger.new", Action.CREATE, after=attributes),
        Change("trigger.old", Action.DELETE, before=attributes, position=Position("a.yaml", 3, 5)),
        Change("trigger.same", Action.UPDATE, before=attributes, after=attributes),
    )
    lines = plan_markdown(plan_view(replace(PLAN, changes=(new, old, same, NARROWED)))).split("\n")
    for row in ("record | `trigger.new`", "record | `trigger.same`"):
        assert f"| {row} |  |" in lines
    assert lines[lines.index("> [!WARNING]") :][:3] == [
        "> [!WARNING]",
        "> **To forget (1):**",
        "> - `trigger.old` (`a.yaml:3`)",
    ]


def test_what_is_left_out_comes_before_what_that_destroys() -> None:
    """The problems stand above the table of changes."""
    gone = replace(NARROWED, action=Action.DELETE, after=None, differences=())
    told = (Diagnostic("left-out", "a.yml has destinations", "warning"),)
    text = plan_markdown(plan_view(replace(PLAN, changes=(gone,), diagnostics=told)))
    assert 0 < text.index("[left-out]") < text.index("To destroy (1)")


def test_the_environment_is_in_the_title() -> None:
    """So that comments on dev and prod do not look alike; a title is one line, however long."""
    text = plan_markdown(plan_view(replace(PLAN, environment="dev")))
    assert text.startswith("<!-- blinkdecl:plan:dev -->\n## Plan for dev: 0 to add, 1 to change, 0 to destroy.\n")
    nothing = plan_markdown(plan_view(Plan("lineage", 1, "digest", environment="dev", compared="recorded")))
    assert nothing.split("\n")[1].endswith("It was compared with the record; nothing in Panther was read.")
    failed = plan_markdown(failed_plan_view([Diagnostic("limits", "too much")], environment="dev"))
    assert failed.startswith("<!-- blinkdecl:plan:dev -->\n## No plan could be made for dev\n")


def test_nothing_to_do() -> None:
    """One line."""
    text = plan_markdown(plan_view(Plan("lineage", 1, "digest")))
    assert text == "<!-- blinkdecl:plan -->\n## No changes. Your infrastructure matches the configuration."


def test_what_is_wrong() -> None:
    """The problems as the terminal shows them, in a block that none of their lines can end."""
    problem = Diagnostic("limits", "``` too many", notes=(("note", "a\n```\nb"),))
    for view in (plan_view(replace(PLAN, diagnostics=(problem,))), failed_plan_view([problem])):
        lines = plan_markdown(view).split("\n")
        begin = next(index for index, line in enumerate(lines) if line.startswith("```"))
        fence = lines[begin]
        end = lines.index(fence, begin + 1)
        assert all(not line.lstrip().startswith(fence) for line in lines[begin + 1 : end])
        assert "Error: ``` too many [limits]" in lines[begin:end]


def test_names_are_no_markup() -> None:
    """What somebody called a destination in the console stays text."""
    row = replace(LOST, before=('"<img src=x> | @team"',))
    text = plan_markdown(plan_view(replace(PLAN, routing=(row,))))
    assert "<img" not in text.replace("\\<img", "")
    assert '\\| `@team"`' in text


def test_drift_and_long_plans() -> None:
    """What changed outside is shown; of many changes the first hundred."""
    drift = Drift("destination.soc", "deleted")
    changes = tuple(replace(NARROWED, address=f"destination.d{each}") for each in range(120))
    text = plan_markdown(plan_view(replace(PLAN, changes=changes, drift=(drift,))))
    assert "<summary>Changed outside of blinkdecl (1)</summary>" in text
    assert text.count("| update |") == 100
    assert "and 20 more." in text


def test_a_file_name_in_a_table() -> None:
    """A bar in it ends no cell, so that nothing of it is read as Markdown or HTML."""
    file = "triggers/<img src=x> **No changes, approved** | `a` |.yaml"
    change = replace(NARROWED, position=Position(file, 3, 5))
    page = MarkdownIt().enable("table").render(plan_markdown(plan_view(replace(PLAN, changes=(change,)))))
    assert "<img" not in page
    assert "<strong>No" not in page
    assert page.count("<td>") == 3 + 4
    assert "| `a` |.yaml" in page


def test_a_page_fits_into_a_comment() -> None:
    """However much there is of everything; what is cut is closed, and what comes first is whole."""
    names = tuple(f"Log.{'x' * 60}{each}" for each in range(90))
    changes = tuple(
        replace(NARROWED, address=f"destination.d{each}", action=Action.CREATE, after={"log_types": names})
        for each in range(100)
    )
    rows = tuple(replace(LOST, log_types=names, after=names) for _ in range(100))
    problems = tuple(Diagnostic("limits", f"{each} {'y' * 900}") for each in range(200))
    drifts = tuple(Drift(f"destination.d{each}", "deleted") for each in range(5000))
    plan = replace(PLAN, changes=changes, routing=rows, diagnostics=problems, drift=drifts)
    for view in (plan_view(plan), failed_plan_view(problems), plan_view(replace(plan, diagnostics=()))):
        text = plan_markdown(view)
        assert len(text) <= 60_000
        assert "*Cut here" in text
        assert text.count("<details>") == text.count("</details>")
        assert sum(line.startswith("```") for line in text.split("\n")) % 2 == 0
    assert "| create | `destination.d0` |" in text
