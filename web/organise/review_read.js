// web/organise/review_read.js: assignment files of other systems as lines of ours; null: it is neither

/** Cells of CSV text. @param {string} text @returns {string[][]} */
export function cells(text) {
  const rows = [['']];
  let quoted = false;
  const s = text.replace(/^\ufeff/, '');
  const mark = (/;/.exec(s.split(/\r?\n/, 1)[0]) && !/,/.exec(s.split(/\r?\n/, 1)[0])) ? ';' : ',';
  for (let i = 0; i < s.length; i++) {
    const row = rows[rows.length - 1];
    const c = s[i];
    if (quoted && c === '"' && s[i + 1] === '"') {
      row[row.length - 1] += '"';
      i++;
    } else if (c === '"') quoted = !quoted;
    else if (!quoted && c === mark) row.push('');
    else if (!quoted && (c === '\n' || c === '\r')) {
      if (c === '\r' && s[i + 1] === '\n') i++;
      rows.push(['']);
    } else row[row.length - 1] += c;
  }
  return rows.filter((r) => r.some((x) => x.trim() !== ''));
}

/** What HotCRP calls giving somebody a review. */
const REVIEW = /^(review|(primary|secondary|pc|external|meta)(review)?)$/;

/** @typedef {{number: string, email: string, action?: string}} Line */

/** By reviewer ({"a@b": ["12"]}) or by abstract ({"12": ["a@b"]}). @param {string} text @returns {Line[] | null} */
function fromJson(text) {
  try {
    const doc = JSON.parse(text);
    return Object.entries(doc).flatMap(([key, list]) => list.map((/** @type {any} */ x) => (key.includes('@') ? { number: String(x), email: key } : { number: key, email: String(x) })));
  } catch {
    return null;
  }
}

/** @param {string} text @returns {Line[] | null} */
export function readAssignments(text) {
  if (text.trimStart().startsWith('{')) return fromJson(text);
  const [head, ...rows] = cells(text);
  const at = (/** @type {string[]} */ ...names) => head?.findIndex((h) => names.includes(h.trim().toLowerCase())) ?? -1;
  const [paper, action, email] = [at('paper', 'pid', 'number'), at('action', 'assignment'), at('email', 'user')];
  if (paper < 0 || email < 0) return null;
  return rows.map((r) => {
    const said = (action < 0 ? 'review' : r[action] || '').trim().toLowerCase();
    return { number: (r[paper] || '').trim(), email: (r[email] || '').trim(), action: REVIEW.test(said) ? 'review' : said };
  });
}
