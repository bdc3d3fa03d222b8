#!/usr/bin/python3
# tests: reads a calendar as python3-icalendar and khal do and compares every instant with the frab JSON of the same programme.
# Usage: clients.py schedule.ics schedule.json
import collections
import datetime
import json
import os
import subprocess
import sys
import tempfile

FIELD, RECORD = "\x1f", "\x1e"


def instant(text):
    return int(datetime.datetime.fromisoformat(text).timestamp())


def wanted(path):
    with open(path, encoding="utf-8") as file:
        days = json.load(file)["schedule"]["conference"]["days"]
    return collections.Counter(
        (event["title"], instant(event["date"]), instant(event["end"]))
        for day in days for events in day["rooms"].values() for event in events)


def by_icalendar(path):
    import icalendar

    with open(path, "rb") as file:
        calendar = icalendar.Calendar.from_ical(file.read())
    found = collections.Counter()
    for event in calendar.walk("VEVENT"):
        if str(event.get("status")) == "CANCELLED":
            continue
        start, end = event.decoded("dtstart"), event.decoded("dtend")
        if start.utcoffset() is None:
            raise SystemExit("icalendar: a time without zone: " + str(event["summary"]))
        found[(str(event["summary"]), int(start.timestamp()), int(end.timestamp()))] += 1
    return found


KHAL_CONFIG = """[calendars]
[[one]]
path = {dir}/one
[locale]
local_timezone = Europe/Copenhagen
default_timezone = Europe/Copenhagen
timeformat = %H:%M:%S
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M:%S
longdatetimeformat = %Y-%m-%dT%H:%M:%S
"""


def by_khal(path):
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Europe/Copenhagen")
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(folder + "/one")
        config = folder + "/config"
        with open(config, "w", encoding="utf-8") as file:
            file.write(KHAL_CONFIG.format(dir=folder))
        shown = subprocess.run(
            ["khal", "-c", config, "printics", "--format",
             FIELD.join(["{title}", "{start-long-full}", "{end-long-full}"]) + RECORD, path],
            check=True, capture_output=True, text=True,
            env={**os.environ, "HOME": folder, "XDG_DATA_HOME": folder, "LC_ALL": "C.UTF-8"}).stdout
    # The first line says how many there are.
    shown = shown.split("\n", 1)[1]
    found = collections.Counter()
    for record in shown.split(RECORD):
        parts = record.lstrip("\n").split(FIELD)
        if len(parts) < 3:
            continue
        title, start, end = parts[0], parts[1], parts[2]
        if title.startswith("AFLYST/CANCELLED: "):
            continue
        local = [datetime.datetime.fromisoformat(x).replace(tzinfo=zone) for x in (start, end)]
        found[(title, int(local[0].timestamp()), int(local[1].timestamp()))] += 1
    return found


def main():
    if len(sys.argv) != 3:
        print("usage: clients.py schedule.ics schedule.json", file=sys.stderr)
        return 2
    expected, status = wanted(sys.argv[2]), 0
    for name, reader in (("icalendar", by_icalendar), ("khal", by_khal)):
        found = reader(sys.argv[1])
        missing, extra = expected - found, found - expected
        print(f"{name}: {sum(found.values())} events read, {sum(expected.values())} in the schedule, "
              f"{sum(missing.values()) + sum(extra.values())} problems")
        for what, rows in (("not read", missing), ("not in the schedule", extra)):
            for row in list(rows)[:10]:
                print(f"{name}: {what}: {row}", file=sys.stderr)
        if missing or extra or not found:
            status = 1
    return status


sys.exit(main())
