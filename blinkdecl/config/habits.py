"""How other tools write what YAML holds here: expressions, references, backends, addresses; with ours beside it. Pure.

What was found wrong stays as it was found, with its code and its place; `explained` exchanges what it says and advises
where the value is known from another tool. No value is repeated that may be a secret.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from blinkdecl.config.document.finding import Finding, Path, remedy_note
from blinkdecl.config.document.masking import is_secret_key

_URL = "write `backend: s3` and `url: {}`, which needs obstore"
_BUCKET = _URL.format("s3://BUCKET/KEY")
_NONE = "no counterpart here"
_DATABASE = "write `backend: postgres` and `dsn: ...`"
_GITLAB = "write `backend: http` and `address: https://.../terraform/state/NAME`"

# Where Terraform and its like keep their state, by the name that they give it.
BACKENDS: Mapping[str, str] = {
    **dict.fromkeys(("gcs", "gs"), _URL.format("gs://BUCKET/KEY")),
    **dict.fromkeys(("azurerm", "azure", "azblob", "az"), _URL.format("az://CONTAINER/KEY")),
    **dict.fromkeys(("aws", "minio"), _URL.format("s3://BUCKET/KEY")),
    **dict.fromkeys(("pg", "postgresql", "psql"), _DATABASE),
    **dict.fromkeys(("gitlab", "https"), _GITLAB),
    **dict.fromkeys(("file", "filesystem", "disk"), "write `backend: local` and `path: .blinkdecl/state.json`"),
    **dict.fromkeys(
        ("remote", "cloud", "tfc", "tfe", "hcp"), f"{_NONE}: Terraform Cloud keeps states of Terraform alone"
    ),
    **dict.fromkeys(("consul", "etcd", "etcdv3", "kubernetes", "k8s"), f"{_NONE}: such a store keeps no state here"),
    **dict.fromkeys(("oss", "cos", "swift", "manta", "artifactory", "oci"), f"{_NONE}: {_BUCKET}"),
}
_IN_URL = "it is a part of `url: s3://BUCKET/KEY` (gs://, az://)"
# What Terraform's backends call their settings.
STATE_PROPERTIES: Mapping[str, str] = {
    **dict.fromkeys(("bucket", "key", "prefix", "container_name", "storage_account_name", "container"), _IN_URL),
    **dict.fromkeys(("conn_str", "schema_name"), "a database is named by `dsn`, a row in it by `name`"),
    **dict.fromkeys(
        ("dynamodb_table", "use_lockfile", "lock_table"),
        "leave it out: conditional writes lock the state",
    ),
    **dict.fromkeys(
        ("organization", "workspaces", "hostname", "workspace_key_prefix", "workspace_dir"),
        "leave it out: `--env NAME` gives an environment a state of its own",
    ),
    **dict.fromkeys(("encrypt", "kms_key_id"), "leave it out: the store encrypts, and the state holds no secret"),
    **dict.fromkeys(
        ("skip_cert_verification", "insecure"), "leave it out: certificates are always checked; SSL_CERT_FILE adds one"
    ),
    **dict.fromkeys(
        ("retry_max", "retry_wait_min", "retry_wait_max"), "leave it out; TF_HTTP_RETRY_MAX and the like are read"
    ),
    **dict.fromkeys(("access_key", "access_key_id_env"), "write `access_key_id: {env: NAME}`"),
    "secret_key": "write `secret_access_key: {env: NAME}`",
    "profile": "leave it out: AWS_PROFILE is read by the library",
}

# The properties of `state` that may be references.
REFERENCES = frozenset(("username", "password", "access_key_id", "secret_access_key", "session_token", "dsn"))
_SET = "write a plain value here, and set the variable's own: {}"
_DECLARE = "declare it below `variables:`, write ${{var.NAME}} here, and set it: {}"

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_VARIABLE = re.compile(rf"\$(?:\{{{_NAME}\}}|\{{env[.:]{_NAME}\}}|\({_NAME}\)|env:{_NAME}|{_NAME})|%{_NAME}%")
_ENVIRONMENT = re.compile(rf"\$\{{(?:env[.:])?(?!var\b){_NAME}(?::?[-?+][^{{}}]*)?\}}")
_TERRAFORM = re.compile(r"\$\{(?:local|data|module|each|count|path|terraform|trigger|destination)\.")
_VAULT = re.compile(
    r"(?:op|vault|ssm|awssm|gcpsm|azurekv|ref\+\w+)://|vault:|arn:aws:secretsmanager:|projects/[^/]+/secrets/"
)
_INDEXED = re.compile(
    r"(?:module\.[\w-]+\.)*(?:blinkdecl_|blink_|panther_)?(trigger|destination)s?\.([\w-]+)(?:\[.*\])?"
)


def explained(finding: Finding, value: object) -> Finding:
    """Return the finding with other words where `value`, which stands at its path, is another tool's."""
    path = finding.path
    if finding.on_key:
        own = finding.code == "unknown-property" and path[:1] == ("state",) and len(path) == 2
        remedy = STATE_PROPERTIES.get(str(path[1])) if own else None
        return finding if remedy is None else replace(finding, label="", notes=remedy_note(remedy))
    if not isinstance(value, str):
        return finding
    if path == ("state", "backend") and (backend := BACKENDS.get(value.lower())) is not None:
        return replace(finding, label="", notes=(*remedy_note(backend), *finding.notes))
    if finding.code in ("invalid-value", "literal-secret"):
        told = (
            (foreign_expression(path, value) if "${" in value else None)
            or _secret(path, value, finding.code)
            or _address(path, value)
        )
        if told is not None:
            summary, remedy = told
            return replace(finding, summary=summary or finding.summary, label="", notes=remedy_note(remedy))
    return finding


def value_at(data: Any, path: Path) -> object:  # noqa: ANN401 - YAML
    """Return what stands at a path of a document, None where nothing does."""
    for part in path:
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def _is_secret(path: Path) -> bool:
    return any(isinstance(part, str) and is_secret_key(part) for part in path[2:])


def _takes_reference(path: Path) -> bool:
    """Whether {env: NAME} may stand there."""
    match path:
        case ("provider", "url" | "token") | ("provider", "headers", _) | ("blink", "url" | "api_key"):
            return True
        case ("state", name):
            return name in REFERENCES
    return path[-1:] in (("api_key",), ("url",)) and path[-2:-1] == ("webhook",)


def foreign_expression(path: Path, text: str) -> tuple[str, str] | None:
    """Return what to say of a text in which another tool would evaluate the first ``${``, None of any other."""
    text = text[text.index("${") :]
    within = path[-1:] == ("env",)
    if text.startswith("${{"):
        job = "set it in the job: `NAME: ${{ secrets.NAME }}`"
        reference = (
            f"name the variable alone, {{env: NAME}}, and {job}" if within else f"write {{env: NAME}}, and {job}"
        )
        advice = reference if within else _advice(path, reference, "in the job, `BLINKDECL_VAR_NAME: ${{ vars.NAME }}`")
        return "${{ ... }} is an expression of GitHub Actions, which nothing evaluates here", advice
    if within:
        return None
    if _TERRAFORM.match(text):
        summary = "references of Terraform are not evaluated here"
        return summary, "a destination names its trigger, as in `trigger: soc`; other values are ${var.NAME}"
    if not _ENVIRONMENT.match(text):
        return None
    reference = "a value from a variable of the environment is written {env: NAME}"
    advice = _advice(path, reference, "in the environment, BLINKDECL_VAR_NAME")
    return "environment variables are not put into values", advice


def _advice(path: Path, reference: str, setting: str) -> str:
    """Return what to write at a path: the `reference`, or a variable of ours, for which there is the `setting`."""
    if path[-1:] == ("file",):
        return "write the path itself: no shell fills anything in"
    if "command" in path:
        return "a command reads the variables of the environment itself: no value belongs in its arguments"
    if _takes_reference(path):
        return reference
    return (_SET if path[:1] == ("variables",) else _DECLARE).format(setting)


def _secret(path: Path, value: str, code: str) -> tuple[str, str] | None:
    """Return what to say of a text where a reference to a secret belongs, None of any other."""
    if path[-1:] == ("env",):
        if _VARIABLE.fullmatch(value.strip()):
            return "", "write the name of the variable alone: {env: NAME}, without $, % and braces"
        if "=" in value:
            return "", "write the name of the variable alone: {env: NAME}; its value is set where blinkdecl runs"
        return None
    if code != "literal-secret":
        return None
    rotate = "if it is the secret itself, rotate it, since it was written down"
    if _VARIABLE.fullmatch(value.strip()):
        return "a variable of the environment is not looked up by this", f"write {{env: NAME}}; {rotate}"
    if _VAULT.match(value.strip()):
        remedy = "write {command: [...]} with the vault's own program, or let the pipeline set a variable: {env: NAME}"
        return "a reference to a vault is not looked up by this", remedy
    return None


def _address(path: Path, value: str) -> tuple[str, str] | None:
    """Return what to say of an address as Terraform writes it, None of any other text."""
    match = _INDEXED.fullmatch(value)
    if match is None or _is_secret(path):
        return None
    kind, name = match[1], match[2]
    if path[-1:] == ("trigger",):
        return "", f"write the name alone: `trigger: {name}`"
    return "", f"an address is a kind and a name, without module and index: {kind}.{name.lower()}"
