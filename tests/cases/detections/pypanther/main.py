from pypanther import register
from rules.soc import Child, Named, Plain, Typo

Plain.override(default_severity="CRITICAL")
Child.extend(default_destinations=["Cloud"])
register([Plain, Child])
register(Named)
register(Typo)
