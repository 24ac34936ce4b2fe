"""What the commands cost, as whole processes, beside their budgets and beside Terraform; `make bench` prints it.

    lines/          the lines of our side              bench.py       where, how much, what lines share
    floors.py       what nothing can be faster than    budgets.py     what each line may cost
    process.py      one command, run and measured      launcher.py    the program that does it
    repository.py   repositories of N destinations     handover.py    one that hands alerts over
    detections.py   a repository of detections         alerts.py      a month of alerts
    stacks.py       a repository of many stacks        loopback.py    peers on this machine, counted
    receiver.py     the one of test alerts             panther.py     the one of destinations
    terraform.py    the same N for Terraform           octodns.py     the same N for octoDNS
    rows.py         figures against budgets: pure      table.py       for people
    results.py      the file that a run leaves         compare.py     two of them, line by line
    readme.py       the table of README.md             __main__.py    options, the temporary folder, the end

No test asserts anything here: figures belong to a machine and a moment.
"""
