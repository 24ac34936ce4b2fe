"""The few calls of GitHub's REST API that the action makes, and the mark by which it finds what it wrote before."""

import itertools
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

_SECONDS = 30
_PAGE = 100


class Refused(Exception):
    """GitHub did not do what it was asked to: the status of its answer, 0 where there was none, and why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"GitHub answered with {status}: {reason}" if status else f"no answer from GitHub: {reason}")
        self.status = status


@dataclass(frozen=True)
class GitHub:
    """A repository at GitHub, with a token that may write there."""

    url: str
    token: str

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """Return the repository that the job runs for."""
        return cls(f"{environ['GITHUB_API_URL']}/repos/{environ['GITHUB_REPOSITORY']}", environ["GITHUB_TOKEN"])

    def call(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 - JSON
        """Call the API once and return its answer; raise Refused if there is none, or an error."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, method=method)  # noqa: S310 - the runner's own URL
        request.add_header("Accept", "application/vnd.github+json")
        request.add_header("X-GitHub-Api-Version", "2022-11-28")
        request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.reason) from error
        except OSError as error:
            raise Refused(0, str(error)) from error

    def written(self, path: str, mark: str) -> Iterator[dict[str, Any]]:
        """Yield the comments or issues, the oldest first, that an app wrote and that begin with the mark.

        What a person wrote is left alone, whatever its first line is: its author could edit it after the action had,
        and so show reviewers another plan.
        """
        for number in itertools.count(1):
            found = self.call("GET", f"{path}{'&' if '?' in path else '?'}per_page={_PAGE}&page={number}")
            yield from (each for each in found if _is_ours(each, mark))
            if len(found) < _PAGE:
                return


def marked(page: str, *scope: str) -> tuple[str, str]:
    """Return the mark of a page, its first line, and the page with it; a scope of its own is a part of the mark.

    Two projects of one repository may have an environment of the same name.
    """
    first, _, rest = page.partition("\n")
    words = "".join(f" {quote(each).replace('-', '%2D')}" for each in scope if each not in ("", "."))
    mark = f"{first.removesuffix(' -->')}{words} -->"
    return mark, f"{mark}\n{rest}"


def _is_ours(found: Mapping[str, Any], mark: str) -> bool:
    author, body = found["user"] or {}, found["body"] or ""
    return author.get("type") == "Bot" and "pull_request" not in found and body.splitlines()[:1] == [mark]
