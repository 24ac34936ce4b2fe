"""``blinkdecl validate``: the configuration, checked without network, secret or provider."""

from blinkdecl.cli.command import Work, session_command


@session_command(
    "validate",
    formats=["json", "markdown", "junit", "github", "gitlab", "sarif"],
    examples=(
        "blinkdecl validate",
        "blinkdecl --env prod validate",
        "blinkdecl validate --format github",
        "blinkdecl validate --format sarif --output blinkdecl.sarif",
    ),
)
def command() -> Work:
    """Check the configuration: its text, its shape, its references, its rules.

    Needs no network, no secret and no state. Every problem is reported at once, with its place. Without --env, and with
    one, the files of all environments are looked at; what they lead to is checked with their --env. Exit codes: 0 =
    valid, 1 = error, 3 = a coverage rule is broken.
    """
    from blinkdecl.cli.work.validate import run

    return run
