// tests: reads a calendar as ical.js does (Thunderbird's parser) and compares every instant with the frab JSON of the same programme.
// Usage: node clients.mjs schedule.ics schedule.json
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';

const [calendar, schedule] = process.argv.slice(2);
if (!schedule) {
	console.error('usage: clients.mjs schedule.ics schedule.json');
	process.exit(2);
}

const wanted = new Map();
for (const day of JSON.parse(readFileSync(schedule, 'utf8')).schedule.conference.days)
	for (const event of Object.values(day.rooms).flat()) {
		const key = [event.title, event.room, Date.parse(event.date), Date.parse(event.end)].join('\u001f');
		wanted.set(key, (wanted.get(key) ?? 0) + 1);
	}
const total = [...wanted.values()].reduce((sum, n) => sum + n, 0);

const problems = [];
const uids = new Set();
let read = 0;
const root = new ICAL.Component(ICAL.parse(readFileSync(calendar, 'utf8')));
for (const component of root.getAllSubcomponents('vevent')) {
	const event = new ICAL.Event(component);
	if (uids.has(event.uid)) problems.push(`UID twice: ${event.uid}`);
	uids.add(event.uid);
	if (component.getFirstPropertyValue('status') === 'CANCELLED') continue;
	read++;
	if (event.startDate.zone !== ICAL.Timezone.utcTimezone) problems.push(`not UTC: ${event.summary}`);
	const [start, end] = [event.startDate.toJSDate().getTime(), event.endDate.toJSDate().getTime()];
	const found = [...event.location.split(', ').keys()]
		.map((n) => [event.summary, event.location.split(', ').slice(0, n + 1).join(', '), start, end].join('\u001f'))
		.find((key) => wanted.get(key) > 0);
	if (!found) problems.push(`not in the schedule: ${event.summary}, ${event.location}, ${event.startDate} to ${event.endDate}`);
	else wanted.set(found, wanted.get(found) - 1);
}
for (const [key, n] of wanted) if (n > 0) problems.push(`not in the calendar: ${key.split('\u001f').join(', ')}`);

for (const problem of problems.slice(0, 20)) console.error(problem);
console.log(`ical.js: ${read} events read, ${total} in the schedule, ${problems.length} problems`);
process.exit(problems.length || read === 0 ? 1 : 0);
