"""Where the record is kept: one file per backend, all behind `interface.StateBackend`; `codec` is its format."""
