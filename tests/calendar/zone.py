#!/usr/bin/python3
# tests: the VTIMEZONE of a calendar, read by its rules alone, against the machine's zone data, hour by hour. Usage: zone.py FILE.ics
import datetime
import re
import sys
from zoneinfo import ZoneInfo

FIRST, LAST = 1997, 2037


def last_sunday(year, month):
    day = datetime.date(year, month + 1, 1) if month < 12 else datetime.date(year + 1, 1, 1)
    day -= datetime.timedelta(days=1)
    return day - datetime.timedelta(days=(day.weekday() + 1) % 7)


def offset(text):
    found = re.fullmatch(r"([+-])(\d\d)(\d\d)", text)
    return (1 if found[1] == "+" else -1) * (int(found[2]) * 60 + int(found[3]))


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read().replace("\r\n ", "")
    zone = re.search(r"BEGIN:VTIMEZONE\r\nTZID:(.*?)\r\n(.*?)END:VTIMEZONE", text, re.S)
    rules = []
    for kind, body in re.findall(r"BEGIN:(STANDARD|DAYLIGHT)\r\n(.*?)END:\1", zone[2], re.S):
        lines = dict(line.split(":", 1) for line in body.strip().split("\r\n"))
        rule = re.fullmatch(r"FREQ=YEARLY;BYMONTH=(\d+);BYDAY=-1SU", lines["RRULE"])
        rules.append((int(rule[1]), int(lines["DTSTART"][9:11]), int(lines["DTSTART"][:4]), offset(lines["TZOFFSETFROM"]), offset(lines["TZOFFSETTO"])))
    return zone[1], rules


def main():
    name, rules = read(sys.argv[1])
    changes = []
    for year in range(FIRST - 1, LAST + 1):
        for month, hour, since, before, after in rules:
            if year >= since:
                wall = datetime.datetime.combine(last_sunday(year, month), datetime.time(hour))
                changes.append((wall.replace(tzinfo=datetime.timezone.utc) - datetime.timedelta(minutes=before), after))
    changes.sort()
    zone, hours, differ, place = ZoneInfo(name), 0, 0, 0
    at = datetime.datetime(FIRST, 1, 1, tzinfo=datetime.timezone.utc)
    end = datetime.datetime(LAST + 1, 1, 1, tzinfo=datetime.timezone.utc)
    while at < end:
        while place + 1 < len(changes) and changes[place + 1][0] <= at:
            place += 1
        hours += 1
        differ += at.astimezone(zone).utcoffset() != datetime.timedelta(minutes=changes[place][1])
        at += datetime.timedelta(hours=1)
    print(f"{hours} hours, {differ} differ")


main()
