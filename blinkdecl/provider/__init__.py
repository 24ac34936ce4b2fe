"""Where destinations live: one file per provider, all behind `interface.Provider`."""
