// web/kiosk/main.js: the door's page: who this station is, which list it looks after, what hangs on it
import { html, mount, computed, effect, signal } from '../ui/dom.js';
import { t, tn, lang } from '../i18n/index.js';
import { connect, session, status, roles, slug, has } from '../ui/app.js';
import { deviceToken, keepToken } from '../ui/device.js';
import { zone } from '../ui/clock.js';
import { Pair } from '../ui/pair.js';
import { whyOf } from '../ui/chrome.js';
import { useAwake } from '../ui/awake.js';
import { followNotices } from '../ui/notices.js';
import { followRoom } from '../ui/room.js';
import { applyStats } from '../store.js';
import './texts.js';
import { Beat } from './beat.js';
import { BoardPage } from './board_page.js';
import { direction, dismiss, hold, list, shown, stopped, waiting } from './door.js';
import { Engine } from './engine.js';
import { intake } from './intake.js';
import { openKeep } from './keep.js';
import { PANELS } from './panels.js';
import { Station } from './station.js';
import './setup.js';
import './desk.js';
import './badge.js';
import { exportScans, parts, persisted } from './settings.js';
import { Door, Language, listName, panel, refused, skew, slow, stats } from './screen.js';
import { keepPage } from './worker.js';

const SEEK_MS = 5000;
const conn = connect({ deviceToken: () => deviceToken('kiosk', slug) });
/** Signed out while this page stood here: what it knew is gone. */
const wiped = signal(false);
const profile = computed(() => /** @type {import('./panels.js').Profile} */ (session.value?.station ? session.value.station.profile || 'self_service' : 'staff'));
const staffed = computed(() => profile.value !== 'self_service');

effect(() => void (document.title = `${(lang.value, t('kiosk.here'))} · ${session.value?.conference.title || 'Plenum'}`));
effect(() => void (document.documentElement.lang = lang.value));

/** @param {import('./keep.js').Keep} keep */
async function begin(keep) {
  const station = new Station(conn, keep, (await keep.doc('clock')) || null);
  const engine = new Engine(conn, keep, station, () => staffed.value);
  const beat = new Beat(conn, station, engine, keep);
  Object.assign(parts, { keep, engine });
  await engine.begin();
  station.onStats = (type, data) => {
    engine.event(type, data);
    if (type.startsWith('conflict.')) return;
    if (type === 'snapshot') stats.value = data;
    else {
      const next = stats.value && applyStats(stats.value, type, data);
      if (next) stats.value = next;
      else readStats();
    }
  };
  const readStats = () => conn.brief('checkin.stats', { list: list.value }).then((s) => (stats.value = { ...stats.value, ...s })).catch(() => {});

  let stopOwn = () => {};
  let own = '';
  /** A station hears what becomes of its own scans. @param {string} id */
  const followOwn = (id) => {
    if (id === own) return;
    stopOwn();
    own = id;
    stopOwn = id ? conn.subscribe(`station:${id}`, { event: (type, data) => type.startsWith('conflict.') && engine.conflict(type, data) }) : () => {};
  };

  /** @param {import('../protocol.js').Session} s @param {string | undefined} id */
  const follow = async (s, id) => {
    if (!id) return;
    refused.value = '';
    list.value = id;
    await station.follow(id, s.conference.id);
    listName.value = station.snapshot?.header.list.name || listName.value;
    readStats();
    uploads();
  };
  const uploads = () => void engine.uploader.poke();
  /** A screen that is no station takes the first door there is, and looks again until there is one. @param {import('../protocol.js').Session} s */
  const seek = async (s) => {
    const lists = await conn.call('checkin.lists').then((r) => r.lists, (e) => void (refused.value = whyOf(e)));
    if (session.value !== s) return;
    if (lists?.length) follow(s, lists[0].id);
    else setTimeout(() => session.value === s && seek(s), SEEK_MS);
  };

  const onSession = conn.onSession;
  conn.onSession = (/** @type {import('../protocol.js').Session} */ s) => {
    onSession(s);
    station.clock.about(s.time, 2000);
    station.writeClock();
    if (!s.station && !s.roles.some((r) => ['desk', 'organiser'].includes(r))) return;
    wiped.value = false;
    if (s.station) keep.put('session', { station: s.station, roles: s.roles, conference: s.conference }).catch(() => {});
    station.name = s.station?.name || '';
    followOwn(s.station?.id || '');
    const wanted = s.station?.list || sessionStorage.getItem('plenum-list') || '';
    const id = typeof wanted === 'object' ? wanted.id : wanted;
    // A board or a printer has no door.
    if (s.station && ['board', 'print'].includes(s.station.profile)) return;
    if (id) follow(s, id);
    else seek(s);
  };
  effect(() => {
    const { state } = status.value;
    if (state === 'open') setTimeout(() => beat.beat().then(uploads), 0);
    else if (state === 'waiting') beat.lost();
    // A revoked station shows its pairing code again; what it was is forgotten.
    else if (state === 'signed-out') leave();
  });
  const leave = async () => {
    const was = !!session.peek();
    followOwn('');
    session.value = null;
    roles.value = [];
    list.value = '';
    stats.value = null;
    panel.value = null;
    await keepToken('kiosk', slug, null);
    await engine.forget();
    wiped.value = was;
  };

  /** Without network: who it was, and what it knew. */
  const kept = await keep.doc('session');
  if (kept && !session.value && (await deviceToken('kiosk', slug))) {
    zone.value = kept.conference.zone;
    roles.value = kept.roles;
    session.value = { person: null, now: '', time: '', epoch: '', ping: 10, ...kept };
    beat.show();
    const id = typeof kept.station.list === 'object' ? kept.station.list?.id : kept.station.list;
    if (id) {
      station.conference = kept.conference.id;
      station.name = kept.station.name;
      await station.load(id);
      list.value = id;
      listName.value = station.snapshot?.header.list.name || '';
    }
  }
  // A gate stands where people leave, unless somebody has said otherwise.
  effect(() => {
    if (profile.value === 'gate') keep.doc('direction').then((d) => d || (direction.value = 'exit'));
  });
  setInterval(() => {
    slow.value = engine.line.doubt;
    const by = Math.abs(station.clock.skew || 0);
    skew.value = by > 30000 ? by : 0;
    if (station.snapshot && !listName.value) listName.value = station.snapshot.header.list.name;
  }, 1000);
  keepPage(() => !shown.value && !waiting.value && !engine.minute.length && closed(station));
  return engine;
}

/** Whether the list lets nobody in now, by its own times. @param {Station} station */
function closed({ snapshot, clock }) {
  const { opens, closes, rules } = snapshot?.rules || { opens: null, closes: null, rules: [] };
  const { time } = clock.now();
  if ((opens !== null && time < opens) || (closes !== null && time >= closes)) return true;
  return rules.length > 0 && !rules.some((w) => time >= w.opens - 3600000 && time < w.closes + 3600000);
}

/** A station that stands in a room hears what is said to that room. */
let leaveRoom = () => {};
let room = '';
effect(() => {
  const at = session.value?.station?.room;
  const id = (at && typeof at === 'object' ? at.id : at) || '';
  if (id === room) return;
  leaveRoom();
  room = id;
  leaveRoom = id ? followRoom(conn, id) : () => {};
});

/** @type {Promise<Engine | null>} */
const engine = openKeep(slug).then(begin).catch(() => {
  // Nothing can be written down: nobody can be admitted.
  stopped.value = true;
  return null;
});

/** @type {import('./panels.js').Tools} */
const tools = {
  conn, profile, staffed, list,
  station: computed(() => session.value?.station || null),
  scan: intake((text) => void engine.then((e) => {
    if (e && !e.station.list) refused.value = t('door.no_list');
    e?.scan(text);
  })),
  open: (name) => (panel.value = name),
  hold, dismiss,
};
const decide = (/** @type {boolean} */ comes) => void engine.then((e) => e?.decide(comes));

/** What the station before could not send. */
const Unsent = () => html`<div class="door-unsent">${wiped.value ? html`<p>${t('door.wiped')}</p>` : null}
  ${waiting.value ? html`<p><strong>${tn('door.unsent', waiting.value)}</strong> ${t('door.unsent_hint')}</p><button type="button" class="big" onClick=${exportScans}>${t('door.export')}</button>` : null}</div>`;

function Kiosk() {
  useAwake();
  const paired = session.value && (session.value.station || has('desk', 'organiser'));
  const out = status.value.state === 'signed-out';
  if (paired && !out && profile.value === 'board') return html`<${BoardPage} conn=${conn} />`;
  if (paired && !out && profile.value === 'print') return html`<main id="main" class="pairing"><h1>${t('door.print_station')}</h1><p class="door-hint">${t('door.print_hint')}</p><${Language} /></main>`;
  if (paired && !out) return html`<${Door} tools=${tools} decide=${decide} />`;
  if ((session.value && !paired) || out) {
    return html`<main id="main" class="pairing"><${Pair} kind="kiosk" slug=${slug} done=${async () => { refused.value = ''; conn.renew(); }} /><${Unsent} /><${Language} /></main>`;
  }
  return html`<main id="main" class="pairing"><p class="door-hint" role="status">${status.value.state === 'refused' ? t('line.refused', { code: status.value.code || status.value.fault || '' }) : t('line.connecting')}</p></main>`;
}

followNotices(conn);
// Nothing is answered before it can be kept.
engine.finally(() => {
  conn.start();
  navigator.storage?.persist?.().then((yes) => (persisted.value = yes), () => {});
  for (const p of PANELS) p.start?.(tools);
});

mount('app', html`<${Kiosk} />`);
