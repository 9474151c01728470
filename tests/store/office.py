"""A small office of one desk, and the levels at which it is swept."""

OFFICE = """
name = "office"
title = "An office"
start = 2024-01-01
horizon = 200
assumed = "a textbook system"
question = { from = "arrival", to = "decided" }
[calendars.office]
week = [1, 1, 1, 1, 1, 0, 0]
[classes.any]
[portfolio.files]
of = "any"
count = 12
arrivals = { every = "exponential(3)" }
[desks.counter]
servers = 1
calendar = "office"
[activities.check]
step = "desk"
desk = "counter"
duration = "gamma(2, 0.5) wd"
correction = { probability = 0.3, fix = "exponential(5)" }
[activities.decided]
step = "milestone"
needs = ["check"]
[policies.fast]
title = "fast"
"""

VARIED = {"desks.counter.servers": [1, 2]}
