"""``blinkdecl demo``: the whole job in one go, against a sandbox, in a folder that is gone afterwards."""

from blinkdecl.cli.command import Work, session_command


@session_command("demo", project=False, examples=("blinkdecl demo", "blinkdecl demo --color always | less -R"))
def command() -> Work:
    """Run the whole job on this machine alone: validate, plan, apply, drift, observe, heal, hand over, import, destroy.

    A sandbox Panther and a sandbox Blink are served on 127.0.0.1, and everything is done in a temporary folder. Exits
    with 1 if any step does not end as it should.
    """
    from blinkdecl.cli.work.demo import run

    return run
