"""What the commands cost, as whole processes, beside their budgets and beside Terraform; `make bench` prints it.

    repository.py   repositories of N destinations     terraform.py   the same N for Terraform
    process.py      one command, run and measured      launcher.py    the program that does it
    detections.py   a repository of detections         alerts.py      a month of alerts
    loopback.py     test alerts received, and counted  receiver.py    the program that does it
    ours.py         the lines of our side              budgets.py     figures against budgets: pure
    table.py        for people                         __main__.py    options, the temporary folder, the end

No test asserts anything here: figures belong to a machine and a moment.
"""
