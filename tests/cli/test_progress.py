"""Lines of a run: each at once, or those of a moment together, and never late."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress

from blinkdecl.cli.progress import Listener, listening
from blinkdecl.cli.session import Session
from blinkdecl.model.invocation import Invocation


class Counted(io.StringIO):
    """A stream that knows how often it was written to."""

    writes = 0

    def write(self, text: str) -> int:
        """Count, and keep the text."""
        self.writes += 1
        return super().write(text)


@contextmanager
def watched() -> Iterator[tuple[Counted, Listener]]:
    """Yield what is printed, and the listener of a run."""
    out = Counted()
    with redirect_stdout(out), listening(Session(Invocation("test")), 1000, "Testing") as listener:
        yield out, listener


def tell(listener: Listener, count: int) -> None:
    """Say as many lines."""
    for number in range(count):
        listener.line(str(number))


def test_each_line_is_printed_at_once() -> None:
    """Whoever watches sees what happens when it happens."""
    with watched() as (out, listener):
        tell(listener, 2)
        assert out.getvalue() == "0\n1\n"


def test_lines_of_a_moment_are_printed_together() -> None:
    """The first is printed at once; the others when nothing follows, or with the end; none is lost or moved."""
    with watched() as (out, listener):
        with listener.together():
            tell(listener, 500)
            listener.pause()
            assert out.getvalue().split() == [str(number) for number in range(500)]
            tell(listener, 1)
        assert out.getvalue().endswith("499\n0\n")
        tell(listener, 1)
        assert out.getvalue().endswith("0\n0\n")
    assert out.writes < 50


def test_what_was_kept_is_printed_where_the_run_fails() -> None:
    """An exception that ends the run does not take its lines with it."""
    with watched() as (out, listener):
        with suppress(RuntimeError), listener.together():
            tell(listener, 9)
            raise RuntimeError
        assert out.getvalue().split() == [str(number) for number in range(9)]
