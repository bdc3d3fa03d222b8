// web/kiosk/main.js: the door's page: who this station is, which list it looks after, what hangs on it
import { html, mount, computed, effect } from '../ui/dom.js';
import { t, lang } from '../i18n/index.js';
import { connect, session, status, slug, has } from '../ui/app.js';
import { deviceToken, keepToken } from '../ui/device.js';
import { Pair } from '../ui/pair.js';
import { whyOf } from '../ui/chrome.js';
import { followNotices } from '../ui/notices.js';
import { followRoom } from '../ui/room.js';
import { applyStats } from '../store.js';
import { list, scan, sendKept, dismiss, hold } from './door.js';
import { intake } from './intake.js';
import { PANELS } from './panels.js';
import './setup.js';
import { Door, Language, listName, panel, refused, stats } from './screen.js';

const conn = connect({ deviceToken: () => deviceToken('kiosk', slug) });

/** @type {import('./panels.js').Tools} */
const tools = {
  conn,
  station: computed(() => session.value?.station || null),
  profile: computed(() => (session.value?.station ? session.value.station.profile || 'self_service' : 'staff')),
  list,
  scan: intake((text) => void scan(conn, text)),
  open: (name) => (panel.value = name),
  hold,
  dismiss,
};

effect(() => void (document.title = `${(lang.value, t('kiosk.here'))} · ${session.value?.conference.title || 'Plenum'}`));
effect(() => void (document.documentElement.lang = lang.value));

let stop = () => {};
const onSession = conn.onSession;
conn.onSession = (/** @type {import('../protocol.js').Session} */ s) => {
  onSession(s);
  const wanted = s.station?.list || sessionStorage.getItem('plenum-list') || '';
  const id = typeof wanted === 'object' ? wanted.id : wanted;
  if (id && id === list.value) sendKept(conn);
  if (id) follow(id);
  else if (s.station || s.roles.some((r) => ['desk', 'organiser'].includes(r))) {
    conn.call('checkin.lists').then((r) => follow(r.lists[0]?.id)).catch((e) => (refused.value = whyOf(e)));
  }
};

/** @param {string | undefined} id */
function follow(id) {
  if (!id || id === list.value) return;
  stop();
  list.value = id;
  stop = conn.subscribe(`list:${id}`, {
    snapshot: (doc) => {
      stats.value = doc;
      listName.value = doc.list?.name || '';
    },
    event: (type, data) => {
      const next = stats.value && applyStats(stats.value, type, data);
      if (next) stats.value = next;
      else conn.call('checkin.stats', { list: id }).then((s) => (stats.value = s)).catch(() => {});
    },
    fault: (f) => (refused.value = whyOf({ fault: f })),
  });
  sendKept(conn);
}

/** A station that stands in a room hears what is said to that room. */
let leave = () => {};
let room = '';
effect(() => {
  const at = session.value?.station?.room;
  const id = (at && typeof at === 'object' ? at.id : at) || '';
  if (id === room) return;
  leave();
  room = id;
  leave = id ? followRoom(conn, id) : () => {};
});
followNotices(conn);
conn.start();
for (const p of PANELS) p.start?.(tools);

function Kiosk() {
  const paired = session.value && (session.value.station || has('kiosk', 'desk', 'organiser'));
  if (paired && status.value.state !== 'signed-out') return html`<${Door} tools=${tools} />`;
  if ((session.value && !paired) || status.value.state === 'signed-out') {
    return html`<main id="main" class="pairing"><${Pair} kind="kiosk" slug=${slug} done=${async () => { refused.value = ''; conn.renew(); }} /><${Language} /></main>`;
  }
  return html`<main id="main" class="pairing"><p class="door-hint" role="status">${status.value.state === 'refused' ? t('line.refused', { code: status.value.code || status.value.fault || '' }) : t('line.connecting')}</p></main>`;
}

// A revoked station shows its pairing code again; what it was is forgotten.
effect(() => {
  if (status.value.state === 'signed-out') keepToken('kiosk', slug, null);
});

mount('app', html`<${Kiosk} />`);
