// web/organise/call_file.js: what was handed in as a file that plenum import abstracts reads again (pure; tested in Node)

/** As a spreadsheet takes it: quoted where it must be, and never for a formula. @param {unknown} value */
export function cell(value) {
  const text = value === null || value === undefined ? '' : String(value);
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(plain) ? `"${plain.replace(/"/g, '""')}"` : plain;
}

/** @param {any} row of abstract.export @param {Map<string, string>} topics names by id */
export const plain = (row, topics) => ({
  number: row.number, source: row.source || (row.number ? String(row.number) : undefined), title: row.title, body: row.body ?? '', email: row.person.email, name: row.person.name, wish: row.wish, mode: row.mode, state: row.state,
  submitted: row.received, outcome: row.outcome, topics: row.tracks.map((/** @type {string} */ id) => topics.get(id) || id),
  authors: row.authors.map((/** @type {any} */ a) => ({ name: a.name, affiliation: a.affiliation, email: a.email, presents: a.presents })),
  consents: row.consents || [],
});

const COLUMNS = /** @type {const} */ (['source', 'title', 'email', 'name', 'authors', 'abstract', 'topics', 'mode', 'wish', 'state', 'submitted', 'outcome', 'consents']);

/** @param {any[]} rows @param {Map<string, string>} topics */
export function csv(rows, topics) {
  const lines = rows.map((r) => {
    const p = plain(r, topics);
    const authors = p.authors.map((/** @type {any} */ a) => `${a.presents ? '*' : ''}${a.name}${a.affiliation ? ` (${a.affiliation})` : ''}`).join('; ');
    const values = { ...p, abstract: p.body, authors, topics: p.topics.join('; '), consents: p.consents.map((/** @type {any} */ g) => `${g.kind} ${g.version}${g.given ? '' : '=no'}@${g.at}`).join('; ') };
    return COLUMNS.map((c) => cell(values[c])).join(',');
  });
  return `\ufeff${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

/** @param {any[]} rows @param {Map<string, string>} topics */
export const json = (rows, topics) => `${JSON.stringify({ abstracts: rows.map((r) => plain(r, topics)) }, null, 1)}\n`;
