// web/attend/poll.js: the poll of one talk: choosing, changing one's mind, and the results as far as one may know them
import { html, useEffect, useState, cx } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { person, status } from '../ui/app.js';
import { announce } from '../ui/live.js';
import { whyOf } from '../ui/chrome.js';
import { signin } from '../ui/signin.js';
import { Bars, useCounts } from '../ui/polls.js';
import { applyPoll, mayHear } from '../poll.js';

/** @typedef {import('../poll.js').Poll} Poll */

/** The talk's poll, followed. @param {import('../protocol.js').Connection} conn @param {string} talk */
function usePoll(conn, talk) {
  const [poll, setPoll] = useState(/** @type {Poll | null} */ (null));
  const who = person.value?.id;
  useEffect(() => {
    setPoll(null);
    if (!talk || !who) return;
    // One's own choice is in no shared picture: it is asked for with each new one.
    const own = () => conn.call('poll.list', { talk }).then((doc) => setPoll((old) => {
      const found = old && doc.polls.find((/** @type {Poll} */ p) => p.id === old.id);
      return old && found?.mine && found.mine.seq > (old.mine?.seq || 0) ? { ...old, mine: found.mine } : old;
    })).catch(() => {});
    return conn.subscribe(`talk:${talk}`, {
      snapshot: (doc) => {
        setPoll((old) => (doc.poll ? applyPoll(old, 'poll.changed', doc.poll) : null));
        if (doc.poll) own();
      },
      event: (type, data) => {
        if (!type.startsWith('poll.')) return;
        setPoll((old) => applyPoll(old, type, data));
        if (type === 'poll.opened') announce(t('poll.opened_now', { question: data.question }));
        if (type === 'poll.closed') announce(t('poll.closed_now'));
      },
    });
  }, [talk, who]);
  return /** @type {[Poll | null, (f: (old: Poll | null) => Poll | null) => void]} */ ([poll, setPoll]);
}

/** @param {{conn: import('../protocol.js').Connection, talk: string}} props */
export function PollBox({ conn, talk }) {
  const [poll, setPoll] = usePoll(conn, talk);
  const [chosen, setChosen] = useState(/** @type {string[] | null} */ (null));
  const [sending, setSending] = useState(false);
  const [why, setWhy] = useState('');
  const id = poll?.id || '';
  useEffect(() => {
    setChosen(null);
    setWhy('');
  }, [id, poll?.options.map((o) => o.id).join()]);
  const counts = useCounts(conn, poll, !!poll && mayHear(poll));
  if (!poll) return null;

  const mine = poll.mine?.options || [];
  const now = chosen ?? mine;
  const running = poll.state === 'running';
  const changed = chosen !== null && (chosen.length !== mine.length || chosen.some((x) => !mine.includes(x)));
  const choose = (/** @type {string} */ option, /** @type {boolean} */ on) => {
    setWhy('');
    setChosen(poll.kind === 'single' ? [option] : on ? [...now, option] : now.filter((x) => x !== option));
  };
  const vote = async (/** @type {string[]} */ options, again = false) => {
    setSending(true);
    setWhy('');
    const seq = (poll.mine?.seq || 0) + 1;
    try {
      let reply = await conn.call('poll.vote', { poll: id, options, seq });
      const same = (/** @type {string[]} */ a) => a.length === options.length && a.every((x) => options.includes(x));
      // Another device of the same person has counted further: this finger was the later one.
      if (!same(reply.options) && !again) reply = await conn.call('poll.vote', { poll: id, options, seq: reply.seq + 1 });
      setPoll((old) => (old && old.id === id ? { ...old, mine: { options: reply.options, seq: reply.seq } } : old));
      // What was chosen while it was on its way stays chosen.
      setChosen((c) => (c && !same(c) ? c : null));
      announce(t('poll.saved'));
    } catch (e) {
      setWhy(whyOf(e));
      announce(whyOf(e));
    } finally {
      setSending(false);
    }
  };
  const submit = (/** @type {Event} */ e) => {
    e.preventDefault();
    if (!changed || !now.length || sending) return;
    if (person.value) vote(now);
    else signin.value = { why: t('poll.sign_in'), then: () => vote(now) };
  };
  const state = sending ? t(status.value.state === 'open' ? 'poll.sending' : 'poll.waiting') : why ? '' : running ? (mine.length ? t('poll.saved') : t('poll.none_yet')) : t(poll.results === 'never' ? 'poll.over_never' : 'poll.over');
  return html`<section class=${cx('poll', poll.state)} aria-labelledby=${`poll-${id}`} data-poll=${id}>
    <p class="poll-kind"><span class=${cx('tag', running && 'on')}>${t('poll.title')}</span></p>
    <h3 id=${`poll-${id}`} dir="auto">${poll.question}</h3>
    ${running ? html`<form onSubmit=${submit}><fieldset class="poll-options"><legend class="hint">${t(poll.kind === 'single' ? 'poll.choose_one' : 'poll.choose_some')}</legend>
        ${poll.options.map((o) => html`<label key=${o.id} class=${cx('poll-option', now.includes(o.id) && 'on')}><input type=${poll.kind === 'single' ? 'radio' : 'checkbox'} name=${`poll-${id}`} value=${o.id} checked=${now.includes(o.id)} onChange=${(/** @type {any} */ e) => choose(o.id, e.target.checked)} /><span dir="auto">${o.text}</span></label>`)}</fieldset>
      <p class="poll-foot"><button type="submit" class="primary" disabled=${!changed || !now.length || sending}>${t(mine.length ? 'poll.change' : 'poll.vote')}</button>
        ${mine.length && !changed ? html`<button type="button" class="link" disabled=${sending} onClick=${() => vote([])}>${t('poll.take_back')}</button>` : null}</p></form>` : null}
    <p class="poll-state" aria-live="polite">${state}${why ? html`<span class="error">${why}</span>` : null}</p>
    ${counts ? html`<${Bars} poll=${poll} counts=${counts} mine=${mine} />` : null}
    ${running ? html`<p class="hint">${t(`poll.when_${poll.results}`)}</p>` : null}
  </section>`;
}
