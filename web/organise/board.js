// web/organise/board.js: the station board at the organiser's table, where whoever came in without a ticket gets a name in the register
import { html, useState } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { Board as Stations } from '../ui/board.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { Person } from './person.js';

/** Who it was that a station let in without a network: somebody of the register, or somebody new. @param {{conn: import('../protocol.js').Connection, c: import('../board.js').Conflict, done: () => void}} props */
function WalkIn({ conn, c, done }) {
  const [person, setPerson] = useState('');
  const [name, setName] = useState(c.detail?.name || '');
  const [error, setError] = useState('');
  if (c.kind !== 'walk_in') return null;
  const merge = async (/** @type {any} */ who) => {
    try {
      await conn.write('checkin.walk_in_merge', { conflict: c.id, ...who });
      announce(t('board.settled'));
      done();
    } catch (e) {
      setError(whyOf(e));
    }
  };
  return html`<div class="walk-in"><div class="field"><span>${t('board.who_was_it')}</span><${Person} conn=${conn} id=${`who-${c.id}`} value=${person} set=${(/** @type {string | null} */ id) => setPerson(id || '')} guess=${name} /></div>
    ${person ? html`<button type="button" class="primary" onClick=${() => merge({ person })}>${t('board.it_was')}</button>`
      : html`<form class="row" onSubmit=${(/** @type {Event} */ e) => { e.preventDefault(); merge({ name: name.trim() }); }}><label class="field"><span>${t('board.new_name')}</span><input required dir="auto" maxlength="200" value=${name} onInput=${(/** @type {any} */ e) => setName(e.target.value)} /></label><button type="submit" class="second">${t('board.add_new')}</button></form>`}
    <p class="error" role="alert">${error}</p></div>`;
}

/** @param {{conn: import('../protocol.js').Connection}} props */
export const Board = ({ conn }) => html`<h1>${t('view.board')}</h1><${Stations} conn=${conn} may=${true} more=${WalkIn} />`;
