"""The commands, in the order of a first session; each module adds its words and runs them."""

from __future__ import annotations

from setout.commands import (
    accept,
    cache,
    doctor,
    drift,
    plan,
    preview,
    read,
    scaffold,
    schemas,
    tools,
    update,
    validate,
    why,
)

COMMANDS = (read, preview, scaffold, update, drift, accept, why, plan, validate, doctor, tools, schemas, cache)
