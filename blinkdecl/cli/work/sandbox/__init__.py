"""What ``blinkdecl sandbox`` and its subcommands do."""
