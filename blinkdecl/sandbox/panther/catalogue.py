"""The detections of the sandbox's Panther, as a team of some size may have them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from blinkdecl.routing.route import SKIP
from blinkdecl.sandbox.panther.history import Detection, ListingPath

# Longer ago than any alert.
_LONG_AGO = timedelta(days=1000)
# By list and severity: names, each with the log type of its rule, or the resource type of its policy.
_NAMES: dict[tuple[ListingPath, str], dict[str, str]] = {
    ("/rules", "CRITICAL"): {
        "AWS.CloudTrail.RootAccessKeyCreated": "AWS.CloudTrail",
        "Okta.SystemLog.ThreatInsight": "Okta.SystemLog",
    },
    ("/rules", "HIGH"): {
        "AWS.CloudTrail.Stopped": "AWS.CloudTrail",
        "AWS.GuardDuty.HighSeverityFinding": "AWS.GuardDuty",
        "GitHub.Audit.SecretScanningDisabled": "GitHub.Audit",
        "Okta.SystemLog.AdminRoleAssigned": "Okta.SystemLog",
    },
    ("/rules", "MEDIUM"): {
        "AWS.CloudTrail.IAMUserCreated": "AWS.CloudTrail",
        "GitHub.Audit.BranchProtectionDisabled": "GitHub.Audit",
        "GSuite.ActivityEvent.ExternalShare": "GSuite.ActivityEvent",
        "Okta.SystemLog.PasswordSpraying": "Okta.SystemLog",
    },
    ("/rules", "LOW"): {
        "AWS.VPCFlow.UnapprovedPort": "AWS.VPCFlow",
        "GitHub.Audit.RepositoryCreated": "GitHub.Audit",
        "Slack.AuditLogs.AppInstalled": "Slack.AuditLogs",
    },
    ("/rules", "INFO"): {
        "AWS.CloudTrail.ConsoleLogin": "AWS.CloudTrail",
        "AWS.S3ServerAccess.NewReader": "AWS.S3ServerAccess",
        "GSuite.ActivityEvent.LoginFromNewDevice": "GSuite.ActivityEvent",
    },
    ("/simple-rules", "HIGH"): {"GitHub.Audit.AdminAdded": "GitHub.Audit"},
    ("/simple-rules", "LOW"): {"Okta.SystemLog.FailedLogin": "Okta.SystemLog"},
    ("/scheduled-rules", "HIGH"): {"Query.AWS.UnusualRegion": ""},
    ("/scheduled-rules", "MEDIUM"): {"Query.Okta.DormantUserReturned": ""},
    ("/policies", "HIGH"): {"AWS.S3.Bucket.PublicWrite": "AWS.S3.Bucket"},
    ("/policies", "MEDIUM"): {"AWS.IAM.Policy.AdministrativePrivileges": "AWS.IAM.Policy"},
    ("/policies", "LOW"): {"AWS.EC2.Volume.Encryption": "AWS.EC2.Volume"},
}
_NAMES_DESTINATIONS, _SKIPS = "AWS.CloudTrail.IAMUserCreated", "GitHub.Audit.RepositoryCreated"
_DECIDES, _DELETED = "GSuite.ActivityEvent.ExternalShare", "Slack.AuditLogs.AppInstalled"
# Somebody changed it a day before the alerts were first made.
_CHANGED = "Query.Okta.DormantUserReturned"


def detections(destinations: Sequence[str], now: datetime) -> tuple[Detection, ...]:
    """Return them; a few name `destinations`, which are ids, or nobody, or decide for themselves, or are gone."""
    plain = (
        Detection(name, path, severity, (kind,) if kind else (), now - _LONG_AGO)
        for (path, severity), names in _NAMES.items()
        for name, kind in names.items()
    )
    return tuple(_special(each, tuple(destinations), now) for each in plain)


def _special(plain: Detection, destinations: tuple[str, ...], now: datetime) -> Detection:
    match plain.id:
        case name if name == _NAMES_DESTINATIONS:
            return replace(plain, output_ids=destinations[-1:])
        case name if name == _SKIPS:
            return replace(plain, output_ids=(SKIP,))
        case name if name == _DECIDES:
            return replace(plain, returned=destinations[:1])
        case name if name == _DELETED:
            return replace(plain, deleted=True)
        case name if name == _CHANGED:
            return replace(plain, changed_at=now - timedelta(days=1))
    return plain
