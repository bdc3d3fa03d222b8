// web/organise/streams.js: the virtual side of each room, and the hosts that the attendees' page may show and play from
import { html, useEffect, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { has } from '../ui/app.js';
import { Empty, whyOf } from '../ui/chrome.js';
import { schedule } from '../ui/schedule.js';
import { StreamDesk } from '../ui/streams.js';
import { Part } from './part.js';
import { stay } from './route.js';

const words = (/** @type {string} */ text) => text.split(/[\s,]+/).map((w) => w.trim().toLowerCase()).filter(Boolean);

/** @param {{conn: import('../protocol.js').Connection}} props */
function Hosts({ conn }) {
  const [lists, setLists] = useState(/** @type {{embed: string, media: string} | null} */ (null));
  const [why, setWhy] = useState('');
  const [saved, setSaved] = useState(false);
  /** @param {any} params */
  const send = async (params) => {
    setWhy('');
    setSaved(false);
    try {
      const doc = await conn.write('stream.hosts', params);
      setLists({ embed: doc.embed.join('\n'), media: doc.media.join('\n') });
      setSaved('embed' in params);
    } catch (e) {
      setWhy(whyOf(e));
    }
  };
  // Without a list it changes nothing and says what they are.
  useEffect(() => void send({}), []);
  const set = (/** @type {'embed' | 'media'} */ name) => (/** @type {any} */ e) => lists && setLists({ ...lists, [name]: e.currentTarget.value });
  return html`${lists ? html`<form class="stream-entry" onSubmit=${(/** @type {Event} */ e) => { e.preventDefault(); send({ embed: words(lists.embed), media: words(lists.media) }); }}>
    <label class="field"><span>${t('streams.hosts_embed')}</span><textarea rows="3" spellcheck=${false} placeholder="www.youtube-nocookie.com" value=${lists.embed} onInput=${set('embed')}></textarea></label>
    <label class="field"><span>${t('streams.hosts_media')}</span><textarea rows="3" spellcheck=${false} placeholder="cdn.example.org" value=${lists.media} onInput=${set('media')}></textarea></label>
    <p class="row"><button type="submit" class="primary">${t('streams.save')}</button><span role="status">${saved ? t('streams.hosts_saved') : ''}</span></p>
  </form>` : null}<p class="hint">${t('streams.hosts_hint')}</p><p class="error" role="alert">${why}</p>`;
}

/** @param {{conn: import('../protocol.js').Connection, args: string[]}} props */
export function Streams({ conn, args }) {
  const rooms = schedule.value?.rooms || [];
  const room = rooms.find((r) => r.id === args[0]) || rooms[0];
  if (!schedule.value) return null;
  return html`<h1>${t('view.streams')}</h1>
    ${room ? html`<${Part} id="room" title=${t('streams.title')}>
      ${rooms.length > 1 ? html`<label class="field"><span>${t('streams.room')}</span><select value=${room.id} onChange=${(/** @type {any} */ e) => stay('streams', e.currentTarget.value)}>${rooms.map((r) => html`<option key=${r.id} value=${r.id}>${r.name}</option>`)}</select></label>` : null}
      <${StreamDesk} key=${room.id} conn=${conn} room=${room.id} /><//>` : html`<${Empty} title=${t('streams.no_rooms')} />`}
    ${has('organiser') ? html`<${Part} id="hosts" title=${t('streams.hosts')}><${Hosts} conn=${conn} /><//>` : null}`;
}
