// web/ui/streams.js: a room's streams for its staff: who is watching and how it fares, what plays, switching, holding, entries
import { html, cx, useEffect, useState } from './dom.js';
import { extend, own, t, tn } from '../i18n/index.js';
import en from '../i18n/streams.en.js';
import da from '../i18n/streams.da.js';
import { clock, conferenceTime, dayName, now } from './clock.js';
import { whyOf } from './chrome.js';
import { plays } from '../streams.js';
import { uuid } from '../wire.js';

extend({ en, da });

/** @typedef {import('../streams.js').Stream} Stream */

/** @param {import('../protocol.js').Connection} conn @param {string} room */
function useStreams(conn, room) {
  const [doc, setDoc] = useState(/** @type {import('../streams.js').Room | null} */ (null));
  const [counts, setCounts] = useState(/** @type {Record<string, number>} */ ({}));
  useEffect(() => {
    setDoc(null);
    setCounts({});
    const stops = [
      conn.subscribe(`room:${room}`, { snapshot: (d) => setDoc(d.streams), event: (type, d) => type === 'stream.changed' && setDoc(d) }),
      conn.subscribe(`room:${room}:mod`, { tick: (tally) => setCounts((old) => ({ ...old, ...Object.fromEntries(tally) })) }),
    ];
    return () => stops.forEach((stop) => stop());
  }, [room]);
  return { doc, counts };
}

/** @param {{conn: import('../protocol.js').Connection, room: string}} props */
export function StreamDesk({ conn, room }) {
  const { doc, counts } = useStreams(conn, room);
  const [why, setWhy] = useState('');
  const [edits, setEdits] = useState(/** @type {string | null} */ (null));
  /** @param {string} method @param {any} params */
  const write = async (method, params) => {
    setWhy('');
    try {
      await conn.write(method, params);
      return true;
    } catch (e) {
      setWhy(whyOf(e));
      return false;
    }
  };
  if (!doc) return null;
  const current = plays(doc, now.value);
  const edited = doc.streams.find((s) => s.id === edits) || null;
  return html`<section class="stream-desk" aria-label=${t('streams.title')}>
    <dl class="stream-counts"><div><dt>${t('streams.joined')}</dt><dd class="num">${counts.joined || 0}</dd></div><div><dt>${t('streams.playing')}</dt><dd class="num">${counts.playing || 0}</dd></div>
      <div class=${cx(counts.stalled > 0 && 'bad')}><dt>${t('streams.stalled')}</dt><dd class="num">${counts.stalled || 0}</dd></div></dl>
    <${Hold} key=${room + !!doc.hold} doc=${doc} write=${write} />
    ${doc.streams.length ? html`<ul class="stream-list">${doc.streams.map((s) => html`<li key=${s.id}>
      <span class="stream-name" dir="auto">${s.label || t(`streams.kind_${s.kind}`)} ${s === current ? html`<span class="tag on">${t('streams.plays')}</span>` : null}</span>
      <span class="hint">${[t(`streams.kind_${s.kind}`), s.language, span(s)].filter(Boolean).join(' · ')}</span>
      <span class="row"><button type="button" class="second" aria-disabled=${doc.switched && doc.current === s.id} onClick=${() => write('stream.switch', { room, stream: s.id })}>${t('streams.switch')}</button>
        <button type="button" class="plain" onClick=${() => setEdits(s.id)}>${t('streams.edit')}</button>
        <button type="button" class="plain" onClick=${() => write('stream.remove', { stream: s.id, expect_version: s.version })}>${t('streams.remove')}</button></span></li>`)}</ul>` : html`<p class="empty-line">${t('streams.none')}</p>`}
    ${doc.switched ? html`<p><button type="button" class="second" onClick=${() => write('stream.switch', { room, stream: null })}>${t('streams.by_clock')}</button></p>` : null}
    <p class="error" role="alert">${why}</p>
    ${edits === null ? html`<p><button type="button" class="plain" onClick=${() => setEdits('')}>${t('streams.add')}</button></p>` : html`<${Entry} key=${edits} conn=${conn} room=${room} entry=${edited} write=${write} done=${() => setEdits(null)} />`}
  </section>`;
}

/** @param {Stream} s */
function span(s) {
  const when = (/** @type {string} */ x) => `${dayName(x)} ${clock(x)}`;
  if (s.starts && s.ends) return `${when(s.starts)} – ${when(s.ends)}`;
  if (s.starts) return t('streams.since', { time: when(s.starts) });
  return s.ends ? t('streams.until', { time: when(s.ends) }) : t('streams.always');
}

/** @param {{doc: import('../streams.js').Room, write: (method: string, params: any) => Promise<boolean>}} props */
function Hold({ doc, write }) {
  const [english, setEnglish] = useState('');
  const [danish, setDanish] = useState('');
  const [minutes, setMinutes] = useState('3');
  const room = doc.room;
  if (doc.hold) {
    return html`<div class="stream-hold held" role="status"><p><strong dir="auto">${own(doc.hold.text) || t('streams.held')}</strong> ${doc.hold.back_at ? t('streams.back_at', { time: clock(doc.hold.back_at) }) : ''}</p>
      <button type="button" class="primary" onClick=${() => write('stream.hold', { room, hold: false })}>${t('streams.go_on')}</button></div>`;
  }
  const hold = (/** @type {Event} */ e) => {
    e.preventDefault();
    const text = english.trim() || danish.trim() ? { en: english.trim() || danish.trim(), ...(danish.trim() ? { da: danish.trim() } : {}) } : undefined;
    const back = Number(minutes) ? new Date(conferenceTime() + Number(minutes) * 60000).toISOString() : undefined;
    write('stream.hold', { room, hold: true, ...(text ? { text } : {}), ...(back ? { back_at: back } : {}) });
  };
  return html`<form class="stream-hold" onSubmit=${hold}>
    <label class="field"><span>${t('streams.text_en')}</span><input maxlength="200" placeholder=${t('streams.default_en')} value=${english} onInput=${(/** @type {any} */ e) => setEnglish(e.currentTarget.value)} /></label>
    <label class="field"><span>${t('streams.text_da')}</span><input maxlength="200" placeholder=${t('streams.default_da')} value=${danish} onInput=${(/** @type {any} */ e) => setDanish(e.currentTarget.value)} /></label>
    <label class="field"><span>${t('streams.back_in')}</span><select value=${minutes} onChange=${(/** @type {any} */ e) => setMinutes(e.currentTarget.value)}>
      ${['3', '5', '10', '20'].map((n) => html`<option key=${n} value=${n}>${tn('streams.minutes', Number(n))}</option>`)}<option value="0">${t('streams.not_known')}</option></select></label>
    <button type="submit" class="primary">${t('streams.hold')}</button>
  </form>`;
}

/** The addresses of links come with `stream.get` alone. @param {{conn: import('../protocol.js').Connection, room: string, entry: Stream | null, write: (method: string, params: any) => Promise<boolean>, done: () => void}} props */
function Entry({ conn, room, entry, write, done }) {
  const [id] = useState(entry?.id || uuid());
  const [v, setV] = useState(/** @type {Record<string, string>} */ ({ kind: entry?.kind || 'hls', url: entry?.url || '', label: entry?.label || '', language: entry?.language || '', starts: entry?.starts || '', ends: entry?.ends || '',
    audio_url: entry?.audio_url || '', captions_url: entry?.captions_url || '' }));
  useEffect(() => {
    if (entry?.kind === 'link') conn.call('stream.get', { room }).then((d) => setV((old) => ({ ...old, url: old.url || d.streams.find((/** @type {Stream} */ s) => s.id === id)?.url || '' })), () => {});
  }, []);
  const set = (/** @type {string} */ name) => (/** @type {any} */ e) => setV({ ...v, [name]: e.currentTarget.value });
  const save = async (/** @type {Event} */ e) => {
    e.preventDefault();
    const own = v.kind === 'hls' ? v : { ...v, audio_url: '', captions_url: '' };
    const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value.trim()).map(([name, value]) => [name, value.trim()]));
    if (await write('stream.set', { stream: id, room, ...given, ...(entry?.latency_ms ? { latency_ms: entry.latency_ms } : {}), ...(entry ? { expect_version: entry.version } : {}) })) done();
  };
  const field = (/** @type {string} */ name, /** @type {any} */ more = {}) => html`<label class="field"><span>${t(`streams.f_${name}`)}</span><input value=${v[name]} onInput=${set(name)} ...${more} /></label>`;
  return html`<form class="stream-entry" onSubmit=${save}>
    <label class="field"><span>${t('streams.f_kind')}</span><select value=${v.kind} onChange=${set('kind')}>${['hls', 'embed', 'link'].map((k) => html`<option key=${k} value=${k}>${t(`streams.kind_${k}`)}</option>`)}</select></label>
    ${field('url', { type: 'url', required: true, maxlength: 400 })}${field('label', { maxlength: 80 })}${field('language', { maxlength: 35, placeholder: 'en' })}
    ${field('starts', { placeholder: '2021-05-02T09:00' })}${field('ends', { placeholder: '2021-05-02T12:30' })}
    ${v.kind === 'hls' ? html`${field('audio_url', { type: 'url', maxlength: 400 })}${field('captions_url', { type: 'url', maxlength: 400 })}` : null}
    <p class="row"><button type="submit" class="primary">${t('streams.save')}</button><button type="button" class="plain" onClick=${done}>${t('streams.cancel')}</button></p>
  </form>`;
}
