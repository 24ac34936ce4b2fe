# What a plan must not do, over its JSON: `blinkdecl show plan.json --format json`, described by `blinkdecl schema plan`.
# The package is the one that conftest looks at unless it is told otherwise. `data.json` beside this file has the names.
package main

import rego.v1

# A protected destination stays, whatever `lifecycle` says in the YAML of the branch that is planned.
deny contains message if {
	some resource in input.resource_changes
	"delete" in resource.change.actions
	some pattern in data.alerting.protected
	glob.match(pattern, [], resource.name)
	message := sprintf("%s is protected (%s) and would be deleted", [resource.address, pattern])
}

# Alerts that nobody receives any more need the label of an owner. Labels are of the pull request, so the pipeline hands
# them over as data; without them nothing is approved.
deny contains message if {
	some alerts in input.lost_alerts
	not approved
	message := sprintf("nobody would receive %s: an owner sets the label %q", [alerts, data.alerting.approval])
}

approved if data.alerting.approval in data.labels

# A plan that is not known to be the whole of what apply would do is not judged by what it shows.
deny contains "the plan has errors" if input.errored
