"""What `prevent_destroy` keeps from being destroyed, and the ways out. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from shlex import quote

from blinkdecl.diagnostics import Diagnostic
from blinkdecl.model.configuration import Configuration
from blinkdecl.model.plan import Action, Change, Options
from blinkdecl.model.resource import Resource
from blinkdecl.model.state import Recorded


def protected(
    changes: Iterable[Change], recorded: Mapping[str, Recorded], desired: Configuration, options: Options
) -> Iterator[Diagnostic]:
    """Yield the error for each protected resource that would be destroyed; `destroy` can leave all of them out."""
    found = []
    for change in changes:
        record, declared = recorded.get(change.address), desired.resources.get(change.address)
        if change.action is Action.DELETE and (
            (record and record.prevent_destroy) or (declared and declared.prevent_destroy)
        ):
            found.append((change.address, declared))
    without = _without([address for address, _ in found], options) if options.destroy else None
    for address, declared in found:
        notes = [("note", "this plan would destroy it"), *_way_out(declared, without)]
        if declared is None:
            let_go = f"`removed: [{{from: {address}}}]` in blinkdecl.yaml lets it go without destroying it"
            notes.append(("help", let_go))
        yield Diagnostic(
            "prevent-destroy",
            f"{address} is protected by prevent_destroy",
            position=declared.position if declared else None,
            notes=tuple(notes),
        )


def _way_out(declared: Resource | None, without: str | None) -> Iterator[tuple[str, str]]:
    """Yield what to do about a protected resource, in order; `without` = the command that destroys the rest."""
    lift = "set `lifecycle: {prevent_destroy: false}`"
    if without is None:
        yield "help", f"{lift}, apply that, then remove the block"
        return
    yield "help", f"to keep it, leave it out: `{without}`"
    first = lift if declared else f"declare it again, there {lift}"
    yield "help", f"to destroy it as well: {first}, then `blinkdecl apply`, then `blinkdecl destroy`"


def _without(protected: Iterable[str], options: Options) -> str:
    """Return the command that destroys what was selected and leaves out all that is protected."""
    words = [word for address in options.targets for word in ("--target", quote(address))]
    words += [word for address in (*options.excludes, *protected) for word in ("--exclude", quote(address))]
    words += ["--accept-missing", str(options.accept_missing)] if options.accept_missing is not None else []
    return " ".join(["blinkdecl destroy", *words])
