#!/usr/bin/python3
# tests: a calendar as python3-icalendar, python3-vobject and khal read it, as JSON: {client: {uid: {start, end, summary, …}}}.
# Usage: readers.py FILE.ics. Instants are Unix seconds, days "2026-07-01" with the end exclusive (khal: midnights in UTC).
import datetime
import json
import os
import subprocess
import sys
import tempfile
import unicodedata

FIELD, RECORD = "\x1f", "\x1e"
TEXTS = ("summary", "description", "location", "url", "status")


def nfc(text):
    return unicodedata.normalize("NFC", str(text))


def moment(value):
    if isinstance(value, datetime.datetime):
        if value.utcoffset() is None:
            return "without zone: " + str(value)
        return int(value.timestamp())
    return value.isoformat()


def by_icalendar(data):
    import icalendar

    found = {}
    for event in icalendar.Calendar.from_ical(data).walk("VEVENT"):
        one = {"start": moment(event.decoded("dtstart")), "end": moment(event.decoded("dtend"))}
        for name in TEXTS:
            one[name] = nfc(event.get(name, ""))
        conferences = event.get("conference", [])
        conferences = conferences if isinstance(conferences, list) else [conferences]
        one["conferences"] = [{"uri": str(c), **{k.lower(): str(v) for k, v in getattr(c, "params", {}).items()}} for c in conferences]
        one["alarms"] = len(event.walk("VALARM"))
        found[str(event["uid"])] = one
    return found


def by_vobject(data):
    import vobject

    found = {}
    for event in vobject.readOne(data.decode()).vevent_list:
        one = {"start": moment(event.dtstart.value), "end": moment(event.dtend.value)}
        for name in TEXTS:
            one[name] = nfc(getattr(event, name).value) if hasattr(event, name) else ""
        one["alarms"] = len(getattr(event, "valarm_list", []))
        found[event.uid.value] = one
    return found


KHAL_CONFIG = """[calendars]
[[one]]
path = {dir}/one
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M:%S
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M:%S
longdatetimeformat = %Y-%m-%dT%H:%M:%S
"""


def khal_moment(text):
    return int(datetime.datetime.fromisoformat(text + "+00:00").timestamp())


def by_khal(path):
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(folder + "/one")
        config = folder + "/config"
        with open(config, "w", encoding="utf-8") as file:
            file.write(KHAL_CONFIG.format(dir=folder))
        shown = subprocess.run(
            ["khal", "-c", config, "printics", "--format",
             FIELD.join(["{uid}", "{start-long-full}", "{end-long-full}", "{title}", "{description}", "{location}", "{url}", "{status}"]) + RECORD, path],
            check=True, capture_output=True, text=True,
            env={**os.environ, "HOME": folder, "XDG_DATA_HOME": folder, "LC_ALL": "C.UTF-8"}).stdout
    found = {}
    # The first line says how many there are.
    for record in shown.split("\n", 1)[1].split(RECORD):
        parts = record.lstrip("\n").split(FIELD)
        if len(parts) < 8:
            continue
        found[parts[0]] = {"start": khal_moment(parts[1]), "end": khal_moment(parts[2]), "summary": nfc(parts[3]),
                           "location": nfc(parts[5]), "url": nfc(parts[6])}
    return found


def main():
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    json.dump({"icalendar": by_icalendar(data), "vobject": by_vobject(data), "khal": by_khal(sys.argv[1])}, sys.stdout)


main()
