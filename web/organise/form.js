// web/organise/form.js: a form over one row: what is typed survives a reload, and two people who edit one row both see it
import { html, useEffect, useRef, useState, cx } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { slug } from '../ui/app.js';
import { whyOf } from '../ui/chrome.js';
import { announce } from '../ui/live.js';
import { changed, merge } from './plan.js';

/**
 * `kind` says how a field is drawn; `own` draws it itself; `show` writes a value for comparing two of them.
 * @typedef {{name: string, label: string, kind?: 'text' | 'area' | 'number' | 'check' | 'select' | 'color' | 'date', hint?: string, required?: boolean, max?: number, min?: number,
 *   rows?: number, half?: boolean, options?: () => {value: string, label: string}[], own?: (p: {id: string, value: any, set: (v: any) => void, patch: (values: any) => void, row: any}) => any, show?: (value: any) => any}} FieldDef
 */

const keyOf = (/** @type {string} */ name) => `plenum-form:${slug}:${name}`;

/** @param {string} name */
function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(name)) || 'null');
  } catch {
    return null;
  }
}

/** @param {string} name @param {any} value null: nothing to keep */
export function keep(name, value) {
  try {
    if (value) sessionStorage.setItem(keyOf(name), JSON.stringify(value));
    else sessionStorage.removeItem(keyOf(name));
  } catch {
    // Without storage the form lives as long as the page.
  }
}

/**
 * @param {string} name of the form, for keeping @param {any} row as the draft has it now (its `version`; none: it is new) @param {string[]} names of the fields
 * @param {{base: any, mine: any}} [begin] where to begin, if not from the row
 */
export function useForm(name, row, names, begin) {
  const [state, setState] = useState(() => begin || kept(name) || { base: row, mine: row });
  const newest = useRef(row);
  newest.current = row;
  const dirty = changed(state.base, state.mine, names).length > 0;
  // Kept with the key that was pressed, not after it: a page may go at any moment.
  const put = (/** @type {any} */ values) => setState((/** @type {any} */ s) => {
    const next = { ...s, mine: { ...s.mine, ...values } };
    keep(name, changed(next.base, next.mine, names).length ? next : null);
    return next;
  });
  const newer = row.version !== undefined && state.base.version !== undefined && row.version > state.base.version;
  const found = newer ? merge(state.base, state.mine, row, names) : null;
  const differs = !!found && found.mine.length + found.theirs.length + found.both.length > 0;
  // Nothing typed, or both wrote the same: the form goes on from what the draft has now. What was typed since this was drawn stays.
  useEffect(() => {
    if (newer && (!dirty || !differs)) setState((/** @type {any} */ s) => (s === state ? { base: row, mine: row } : s));
  }, [row]);
  return {
    base: state.base,
    mine: state.mine,
    dirty,
    /** Somebody saved another version since this form began. */
    behind: newer && dirty && differs,
    set: (/** @type {string} */ field, /** @type {any} */ value) => put({ [field]: value }),
    /** Several at once. @param {any} values */
    patch: put,
    /** Goes on from another version with these values. @param {any} base @param {any} mine */
    rebase: (base, mine) => {
      keep(name, changed(base, mine, names).length ? { base, mine } : null);
      setState({ base, mine });
    },
    reset: () => {
      keep(name, null);
      setState({ base: newest.current, mine: newest.current });
    },
  };
}

/** @param {{def: FieldDef, id: string, value: any, set: (v: any) => void, patch?: (values: any) => void, error?: string, row?: any}} props */
export function Field({ def, id, value, set, patch, error, row }) {
  const more = { id, required: def.required, 'aria-describedby': def.hint || error ? `${id}-hint` : null, 'aria-invalid': error ? 'true' : null };
  const input = (/** @type {any} */ e) => set(e.target.value);
  const hint = def.hint || error ? html`<span id=${`${id}-hint`} class=${error ? 'error' : 'hint'}>${error || def.hint}</span>` : null;
  if (def.kind === 'check') {
    return html`<label class="tick"><input ...${more} type="checkbox" checked=${!!value} onChange=${(/** @type {any} */ e) => set(e.target.checked)} /><span>${def.label}${hint}</span></label>`;
  }
  if (def.own) return html`<div class="field" role="group" aria-labelledby=${`${id}-l`}><span id=${`${id}-l`}>${def.label}</span>${def.own({ id, value, set, row, patch: patch || ((/** @type {any} */ v) => set(v[def.name])) })}${hint}</div>`;
  const box = () => {
    if (def.kind === 'area') return html`<textarea ...${more} rows=${def.rows || 4} maxlength=${def.max} dir="auto" value=${value ?? ''} onInput=${input}></textarea>`;
    if (def.kind === 'select') return html`<select ...${more} value=${value ?? ''} onChange=${(/** @type {any} */ e) => set(e.target.value || null)}>${def.options?.().map((o) => html`<option key=${o.value} value=${o.value} selected=${o.value === (value ?? '')}>${o.label}</option>`)}</select>`;
    if (def.kind === 'number') return html`<input ...${more} type="number" inputmode="numeric" step="1" min=${def.min} max=${def.max} value=${value ?? ''} onInput=${(/** @type {any} */ e) => set(e.target.value === '' ? null : Number(e.target.value))} />`;
    if (def.kind === 'date') return html`<input ...${more} type="date" value=${value ?? ''} onInput=${input} />`;
    return html`<input ...${more} type="text" dir="auto" autocomplete="off" maxlength=${def.max} value=${value ?? ''} onInput=${input} />`;
  };
  return html`<div class="field"><label for=${id}><strong>${def.label}</strong></label>${box()}${hint}</div>`;
}

/** @param {FieldDef} def @param {any} value */
function written(def, value) {
  if (def.show) return def.show(value);
  if (def.kind === 'select') return def.options?.().find((o) => o.value === (value ?? ''))?.label || t('form.nothing');
  if (def.kind === 'check') return value ? t('form.yes') : t('form.no');
  return value === null || value === undefined || value === '' ? t('form.nothing') : String(value);
}

/**
 * Two versions of one row, field by field. What only one of the two changed is chosen already; for the rest somebody decides.
 * @param {{form: ReturnType<typeof useForm>, theirs: any, fields: FieldDef[], id: string, done: (mine: any) => void}} props
 */
export function Versions({ form, theirs, fields, id, done }) {
  const names = fields.map((f) => f.name);
  const found = merge(form.base, form.mine, theirs, names);
  const [chosen, setChosen] = useState(/** @type {Record<string, string>} */ ({}));
  const [edited, setEdited] = useState(/** @type {Record<string, any>} */ ({}));
  const way = (/** @type {string} */ n) => chosen[n] || (found.mine.includes(n) ? 'mine' : found.theirs.includes(n) ? 'theirs' : '');
  const differ = fields.filter((f) => [...found.mine, ...found.theirs, ...found.both].includes(f.name));
  const open = differ.filter((f) => !way(f.name));
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    announce(t('form.versions'));
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const take = () => {
    const values = { ...theirs };
    for (const f of differ) values[f.name] = way(f.name) === 'theirs' ? theirs[f.name] : way(f.name) === 'mine' ? form.mine[f.name] : edited[f.name] ?? form.mine[f.name];
    form.rebase(theirs, values);
    done(values);
  };
  return html`<section class="versions" ref=${box} aria-labelledby=${`${id}-versions`}><h3 id=${`${id}-versions`}>${t('form.versions')}</h3><p class="hint">${t('form.versions_how')}</p>
    ${differ.map((f) => html`<fieldset key=${f.name} class="version"><legend>${f.label}</legend>
      ${['theirs', 'mine', 'edit'].map((w) => html`<label key=${w} class="tick"><input type="radio" name=${`${id}-${f.name}`} checked=${way(f.name) === w} onChange=${() => setChosen({ ...chosen, [f.name]: w })} /><span><span class="version-who">${w === 'theirs' && theirs.changed_by ? t('form.theirs_by', { name: theirs.changed_by.name }) : t(`form.${w}`)}</span>
        ${w === 'edit' ? null : html`<span class="version-value" dir="auto">${written(f, w === 'mine' ? form.mine[f.name] : theirs[f.name])}</span>`}</span></label>`)}
      ${way(f.name) === 'edit' ? html`<${Field} def=${{ ...f, hint: undefined }} id=${`${id}-${f.name}-edit`} value=${edited[f.name] ?? form.mine[f.name]} row=${form.mine} set=${(/** @type {any} */ v) => setEdited({ ...edited, [f.name]: v })} />` : null}
    </fieldset>`)}
    <div class="row"><button type="button" class="primary" disabled=${open.length > 0} onClick=${take}>${t('form.save_chosen')}</button><button type="button" class="second" onClick=${form.reset}>${t('form.take_theirs')}</button></div></section>`;
}

/**
 * A form with its buttons. `save` writes and gives the refusal to us; a conflict brings the row as it is now.
 * @param {{name: string, id: string, row: any, fields: FieldDef[], begin?: {base: any, mine: any, theirs: any}, save: (mine: any, base: any) => Promise<any>, fromServer?: (row: any) => any, saveLabel?: string,
 *   saved?: (reply: any) => void, remove?: (row: any) => Promise<any>, removed?: () => void, cancel?: () => void, children?: any}} props
 */
export function Editor({ name, id, row, fields, begin, save, fromServer, saveLabel, saved, remove, removed, cancel, children }) {
  const form = useForm(name, row, fields.map((f) => f.name), begin);
  const [fault, setFault] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const [sure, setSure] = useState(false);
  const [theirs, setTheirs] = useState(/** @type {any} */ (begin?.theirs || null));
  const fresh = row.version === undefined;
  const other = busy ? null : theirs && theirs.version > (form.base.version ?? 0) ? theirs : form.behind ? row : null;
  const run = async (/** @type {() => Promise<any>} */ work, /** @type {(reply: any) => void} */ then) => {
    setBusy(true);
    setFault(null);
    try {
      const reply = await work();
      keep(name, null);
      setBusy(false);
      then(reply);
    } catch (e) {
      setBusy(false);
      const x = /** @type {any} */ (e);
      if (x?.fault === 'conflict' && x.data.current) setTheirs(fromServer ? fromServer(x.data.current) : x.data.current);
      else setFault(x);
    }
  };
  const submit = (/** @type {any} */ mine, /** @type {any} */ base) => run(() => save(mine, base), (reply) => {
    const done = { ...mine, version: reply.version ?? mine.version };
    form.rebase(done, done);
    setTheirs(null);
    announce(t('form.saved'));
    saved?.(reply);
  });
  const field = fault?.fault === 'bad_request' ? fault.data.field : '';
  const known = fields.some((f) => f.name === field);
  return html`<form class="editor" onSubmit=${(/** @type {Event} */ e) => { e.preventDefault(); submit(form.mine, form.base); }}>
    ${other ? html`<${Versions} key=${other.version} form=${form} theirs=${other} fields=${fields} id=${id} done=${(/** @type {any} */ mine) => submit({ ...mine, version: other.version }, other)} />` : null}
    ${fields.map((f) => html`<div key=${f.name} class=${cx('cell', f.half && 'half')}><${Field} def=${f} id=${`${id}-${f.name}`} value=${form.mine[f.name]} row=${form.mine} error=${field === f.name ? t('fault.field') : ''} set=${(/** @type {any} */ v) => form.set(f.name, v)} patch=${form.patch} /></div>`)}
    ${children}
    <p class="error" role="alert">${fault && !known ? whyOf(fault) : ''}</p>
    <div class="row editor-end"><button class="primary" type="submit" disabled=${busy || !!other || (!form.dirty && !fresh)}>${busy ? t('form.saving') : saveLabel || (fresh ? t('form.add') : t('form.save'))}</button>
      ${form.dirty && !fresh ? html`<button class="second" type="button" onClick=${form.reset}>${t('form.undo')}</button>` : null}
      ${cancel ? html`<button class="link" type="button" onClick=${() => { keep(name, null); cancel(); }}>${t('cancel')}</button>` : null}
      ${remove && !fresh ? html`<span class="editor-remove">${sure ? html`<button class="second bad" type="button" disabled=${busy} onClick=${() => run(() => remove(row), () => removed?.())}>${t('form.remove_sure')}</button><button class="link" type="button" onClick=${() => setSure(false)}>${t('cancel')}</button>` : html`<button class="link" type="button" onClick=${() => setSure(true)}>${t('form.remove')}</button>`}</span>` : null}</div>
  </form>`;
}
