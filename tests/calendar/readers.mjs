// tests: a calendar as ical.js (Thunderbird's parser), node-ical and ts-ics read it, in the shape of readers.py; and as readers.py does. {client: {uid: {…}}}
import { existsSync } from 'node:fs';
import path from 'node:path';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';
import { convertIcsCalendar } from 'ts-ics';
import { here, run } from './kit.mjs';

const seconds = (date) => Math.round(date.getTime() / 1000);
const day = (date) => date.toISOString().slice(0, 10);
const text = (value) => String(value?.val ?? value ?? '').normalize('NFC');
const local = (date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;

function byIcalJs(source) {
	const found = {};
	const root = new ICAL.Component(ICAL.parse(source));
	// Known to this calendar alone, as in Thunderbird.
	for (const zone of root.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
	for (const component of root.getAllSubcomponents('vevent')) {
		const event = new ICAL.Event(component);
		const at = (time) => (time.isDate ? time.toString() : time.zone === ICAL.Timezone.localTimezone ? `floating: ${time}` : time.toUnixTime());
		found[event.uid] = {
			start: at(event.startDate), end: at(event.endDate), summary: text(event.summary), description: text(event.description), location: text(event.location),
			url: text(component.getFirstPropertyValue('url')), status: text(component.getFirstPropertyValue('status')),
			conferences: component.getAllProperties('conference').map((p) => ({ uri: p.getFirstValue(), feature: p.getParameter('feature'), label: p.getParameter('label'), language: p.getParameter('language') })),
			alarms: component.getAllSubcomponents('valarm').length,
		};
	}
	ICAL.TimezoneService.reset();
	return found;
}

function byNodeIcal(source) {
	const found = {};
	for (const event of Object.values(nodeIcal.sync.parseICS(source))) {
		if (event.type !== 'VEVENT') continue;
		const at = (date) => (event.datetype === 'date' || date.dateOnly ? local(date) : seconds(date));
		found[event.uid] = { start: at(event.start), end: at(event.end), summary: text(event.summary), description: text(event.description), location: text(event.location),
			url: text(event.url), status: text(event.status), alarms: event.alarms?.length ?? 0 };
	}
	return found;
}

function byTsIcs(source) {
	const found = {};
	for (const event of convertIcsCalendar(undefined, source).events ?? []) {
		const at = ({ date, type }) => (type === 'DATE' ? day(date) : seconds(date));
		found[event.uid] = { start: at(event.start), end: at(event.end), summary: text(event.summary), description: text(event.description), location: text(event.location),
			url: text(event.url), alarms: event.alarms?.length ?? 0 };
	}
	return found;
}

export const PYTHON = ['icalendar', 'vobject', 'khal'];
export const missing = () => [
	...(existsSync('/usr/lib/python3/dist-packages/icalendar') ? [] : ['python3-icalendar']),
	...(existsSync('/usr/lib/python3/dist-packages/vobject') ? [] : ['python3-vobject']),
	...(existsSync('/usr/bin/khal') ? [] : ['khal']),
];

// Everything six clients make of a file.
export async function readAll(file, source) {
	const { stdout } = await run('/usr/bin/python3', [path.join(here, 'readers.py'), file], { maxBuffer: 1 << 28 });
	return { ...JSON.parse(stdout), 'ical.js': byIcalJs(source), 'node-ical': byNodeIcal(source), 'ts-ics': byTsIcs(source) };
}
