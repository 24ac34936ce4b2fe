"""What a file holds instead of what it should, recognised; what it should hold never is."""

import gzip

import pytest

from blinkdecl.state.codec import encode
from blinkdecl.system.contents import recognised, text_of
from tests.support.states import small_state

STATE = encode(small_state())
YAML = b"version: 1\ntriggers: {}\n"
CONFLICT = b"<<<<<<< HEAD\n" + YAML + b"=======\nversion: 1\n>>>>>>> theirs\n"
THREE = CONFLICT.replace(b"=======", b"||||||| base\n=======")
SOPS = b'{\n\t"a": "ENC[AES256_GCM,data:xx]",\n\t"sops": {\n\t\t"mac": "ENC[AES256_GCM,data:x]"\n\t}\n}'
KINDS: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "empty", "empty"),
    "blanks": (b" \r\n\t\n", "empty", "blanks"),
    "zeros": (b"\0" * 512, "empty", "zeros"),
    "conflict": (b"{\n" + CONFLICT, "conflict", "both sides"),
    "conflict of three, in CRLF": (THREE.replace(b"\n", b"\r\n"), "conflict", "both"),
    "Git LFS": (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n", "pointer", "Git LFS"),
    "git-crypt": (b"\0GITCRYPT\0" + bytes(range(40)), "encrypted", "git-crypt"),
    "SOPS, JSON": (SOPS, "encrypted", "SOPS"),
    "SOPS, YAML": (b"version: ENC[AES256_GCM,data:xx]\nsops:\n    mac: ENC[AES256_GCM,data:x]\n", "encrypted", "SOPS"),
    "age": (b"age-encryption.org/v1\n-> X25519 abc\n", "encrypted", "age"),
    "age, armoured": (b"-----BEGIN AGE ENCRYPTED FILE-----\nabc\n", "encrypted", "age"),
    "GPG": (b"-----BEGIN PGP MESSAGE-----\n\nabc\n", "encrypted", "GPG"),
    "Ansible Vault": (b"$ANSIBLE_VAULT;1.1;AES256\n3138\n", "encrypted", "Ansible"),
    "gzip": (gzip.compress(STATE), "compressed", "gzip"),
    "zstd": (b"\x28\xb5\x2f\xfd\x24\x00", "compressed", "zstd"),
    "web page": (b"\n<!DOCTYPE html>\n<html><title>Sign in</title>", "web-page", "login"),
    "UTF-16 with a mark": (STATE.decode().encode("utf-16"), "utf-16", "UTF-16"),
    "UTF-16 without": (YAML.decode().encode("utf-16-be"), "utf-16", "UTF-16"),
    "byte order mark": (b"\xef\xbb\xbf" + STATE, "mark", "byte order mark"),
    "Terraform": (b'{"version": 4, "terraform_version": "1.9.0", "serial": 3}', "terraform", "Terraform"),
}  # fmt: skip


@pytest.mark.parametrize("data", [each[:2] for each in KINDS.values()], ids=KINDS)
def test_each_kind_is_recognised(data: tuple[bytes, str]) -> None:
    """By what nobody could mean as YAML or as JSON of ours."""
    found = recognised(data[0])
    assert found is not None
    assert found.kind == data[1]
    assert found.remedy


def test_each_kind_is_named_and_placed() -> None:
    """In words that a person looks for, at the line where it begins."""
    assert [name for name, (data, _, word) in KINDS.items() if word not in getattr(recognised(data), "what", "")] == []
    found = recognised(KINDS["conflict"][0])
    assert found is not None
    assert found.offset == 2


@pytest.mark.parametrize(
    "data",
    [
        STATE,
        STATE.replace(b"\n", b"\r\n"),
        STATE[:-40],
        YAML,
        b"# <<<<<<< a comment\n" + YAML,
        b"description: |\n  =======\n  <<<<<<< HEAD\n" + YAML,
        b"sops: {mac: none}\n",
        b'{"display_name": "ENC[AES256_GCM,"}',
        b'{"display_name": "\\"terraform_version\\""}',
        b"version https://example.org\n",
        "größe: 1\n".encode(),
        b"a",
    ],
)
def test_what_it_should_hold_is_nothing_else(data: bytes) -> None:
    """Nor is what is merely damaged, or holds a word of another program."""
    assert recognised(data) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_text_of_a_file(encoding: str) -> None:
    """As it was, whatever it is encoded in; what is neither has none."""
    assert text_of(STATE.decode().encode(encoding)) == STATE.decode()
    assert text_of(b"\xff\xfe\x00") is None
