"""What `blinkdecl help` explains beside codes and commands: texts of at most 80 columns."""

from collections.abc import Mapping

# The topics, with the line that tells what each is about.
TOPICS: Mapping[str, str] = {
    "trigger": "how a trigger is made in Blink",
    "provider": "where the destinations are, and which `provider` that is",
    "environments": "one configuration for several places",
    "exit-codes": "what the exit code of a command says",
    "digest": "to apply what was reviewed, without a file",
}

_PROVIDER = """\
`provider` in blinkdecl.yaml says what holds the destinations:

provider: {type: local}
  No Panther is asked or changed: the state is the record, and blinkdecl sends
  the test alerts itself. The default; to try things out, or beside a Panther
  that is filled by hand.

provider: {type: console}
  Hosted Panther as it is, whose API offers no destinations: `apply` writes the
  steps in its console for a person, `blinkdecl confirm` proves and records
  each.

provider: {type: panther, url: {env: PANTHER_API_URL},
           token: {env: PANTHER_API_TOKEN}}
  A Panther whose GraphQL API offers destinations, as self-hosted Panther does:
  `apply` makes the changes. `drift` and `import` read what is there.

`blinkdecl init --provider panther` writes a first configuration for one of
them; `blinkdecl schema config` has every property."""

_DIGEST = """\
The review digest of a plan is one word for what it was made of and what it
does: the options, the YAML, what is recorded, and what Panther answered. It is
the same on every machine and at any time, as long as these are.

A plan prints it (as text where there are changes, in JSON as `review_digest`),
a person reviews that plan, and a pipeline applies it:

  blinkdecl apply --expect DIGEST --auto-approve

plans anew and does nothing, with exit code 6, unless the digest is the same; it
says whether the options, the YAML, the record or Panther's answer differ. A
plan that is refused, or for which --offline did not read everything, has none.
Clocks and the values behind secret references are not part of it.

A saved plan does the same with a file: `blinkdecl plan --out plan.json`, then
`blinkdecl apply plan.json`."""

_ENVIRONMENTS = """\
An environment is a file, environments/NAME.yaml, with values for the variables
that blinkdecl.yaml declares. `--env NAME` chooses it, and gives it a state of
its own: `blinkdecl --env dev apply` changes and destroys only what is recorded
there.

# blinkdecl.yaml
variables:
  host: {description: Where Blink is, default: acme.app.blinkops.com}

# environments/dev.yaml
version: 1
variables:
  host: dev.app.blinkops.com

A value is used as in `url: "https://${var.host}/webhooks/soc"`. The last of
these wins: the default, the environment's file, the environment variable
BLINKDECL_VAR_HOST, `--var host=...`.

Environments with the same `provider` share one Panther, which has each display
name once: give each environment names of its own, for example by a variable, as
in `display_name: Blink SOC ${var.suffix}`; or give environments/NAME.yaml a
`provider` of its own. What one environment manages, no other one imports."""

# Code and meaning, in the order of the numbers.
EXIT_CODES: Mapping[str, str] = {
    "0": "done, or nothing to do",
    "1": "an error; `blinkdecl help CODE` explains the [code] at its end",
    "2": "changes or drift (`plan --detailed-exitcode`, `drift`, `observe`)",
    "3": "against a policy: limits, prevent_destroy, coverage, references",
    "4": "partly applied, or a test alert did not arrive",
    "5": "another run holds the lock",
    "6": "the plan that was reviewed is stale",
    "64": "the command line cannot be understood",
    "70": "a bug in blinkdecl",
    "130": "ended by Ctrl-C; what was done is recorded",
    "143": "ended by SIGTERM; what was done is recorded",
}

TEXTS: Mapping[str, str] = {"provider": _PROVIDER, "environments": _ENVIRONMENTS, "digest": _DIGEST}
