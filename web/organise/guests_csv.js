// web/organise/guests_csv.js: a table of people as spreadsheets save it → rows for people.import
import { t } from '../i18n/index.js';

/** Cells of RFC 4180; comma, semicolon or tab, whichever the first line has most of. @param {string} text */
export function cells(text) {
  const first = text.split(/\r?\n/, 1)[0];
  const mark = [',', ';', '\t'].sort((a, b) => first.split(b).length - first.split(a).length)[0];
  /** @type {string[][]} */
  const lines = [];
  let line = [''];
  let quoted = false;
  const s = text.replace(/^\ufeff/, '');
  for (let i = 0; i < s.length; i++) {
    const c = s[i];
    if (quoted) {
      if (c !== '"') line[line.length - 1] += c;
      else if (s[i + 1] === '"') line[line.length - 1] += s[++i];
      else quoted = false;
    } else if (c === '"' && line[line.length - 1] === '') quoted = true;
    else if (c === mark) line.push('');
    else if (c === '\n' || c === '\r') {
      if (c === '\r' && s[i + 1] === '\n') i++;
      lines.push(line);
      line = [''];
    } else line[line.length - 1] += c;
  }
  if (line.length > 1 || line[0]) lines.push(line);
  return lines.filter((l) => l.length > 1 || l[0].trim());
}

/** @param {string} text @returns {{rows?: any[], fault?: string}} */
export function readTable(text) {
  const [head, ...lines] = cells(text);
  const names = (head || []).map((h) => h.trim().toLowerCase());
  if (!names.includes('email') || !names.includes('name')) return { fault: t('guests.csv_head') };
  if (!lines.length) return { fault: t('guests.csv_empty') };
  const known = ['email', 'name', 'roles', 'mode', 'organisation', 'category'];
  // What we write against formulas we take away again.
  const plain = (/** @type {string} */ v) => v.trim().replace(/^'(?=[=+@\t\r-])/, '');
  return {
    rows: lines.map((l) => {
      /** @type {Record<string, any>} */
      const row = {};
      names.forEach((n, i) => {
        const v = plain(l[i] || '');
        if (!known.includes(n) || (!v && n !== 'email' && n !== 'name')) return;
        row[n] = n === 'roles' ? v.toLowerCase().split(/[\s|+,;]+/).filter((r) => r && r !== 'applicant') : v;
      });
      if (row.roles && !row.roles.length) delete row.roles;
      return row;
    }),
  };
}
