"""The one vocabulary of parameters: what each is called, means, may be, and why its default is what
it is.
"""

from helpers.scenarios.checking import (
    Parameter,
    check_values,
    parameters,
    parse_text,
)
from helpers.scenarios.reading import (
    MORE,
    NamedScenario,
    from_parameters,
    load_scenario,
    load_scenarios,
    read_scenario_file,
    scenario_text,
    write_scenario_file,
)
from helpers.scenarios.vocabulary import NOTEBOOKS, Scenario

__all__ = [
    "MORE",
    "NOTEBOOKS",
    "NamedScenario",
    "Parameter",
    "Scenario",
    "check_values",
    "from_parameters",
    "load_scenario",
    "load_scenarios",
    "parameters",
    "parse_text",
    "read_scenario_file",
    "scenario_text",
    "write_scenario_file",
]
