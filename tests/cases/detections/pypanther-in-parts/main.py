from pypanther import register
from rules.base import Soc
from rules.far import Far
from rules.near import Near

Soc.override(enabled=True)
register(Soc)
register((Near, Far))
