// web/badge/layout.js: what stands where on a badge, in millimetres: one drawing for the print page and the program beside the printer (no DOM)
import { fit, LINE } from './fit.js';

/**
 * @typedef {'a6' | 'card' | 'label'} Template
 * @typedef {{id: string, template: Template, copy: number, name: string, organisation?: string, mode?: string, category?: {name: string, color?: string},
 *   code?: string, box?: string, number?: number, title?: string}} Paper
 * @typedef {{kind: 'text', x: number, y: number, size: number, text: string, strong: boolean, color: string, anchor: 'start' | 'end'}
 *   | {kind: 'rect', x: number, y: number, width: number, height: number, color: string} | {kind: 'code', x: number, y: number, size: number, text: string}} Mark
 */

/** `pad` around, `name` at most and at least, `code` how wide, `band` how high; `sheet`: how many on A4 and where they begin. */
export const TEMPLATES = {
  a6: { width: 105, height: 148, pad: 9, name: [24, 9], organisation: [7.5, 4.5], small: 4.2, code: 32, band: 18, below: true, sheet: { columns: 2, rows: 2, left: 0, top: 0.5 } },
  card: { width: 90, height: 55, pad: 5, name: [12.5, 5], organisation: [4.4, 3], small: 2.9, code: 21, band: 9, below: false, sheet: { columns: 2, rows: 5, left: 15, top: 11 } },
  label: { width: 90, height: 62, pad: 4, name: [14, 5.5], organisation: [5, 3.2], small: 3.2, code: 23, band: 10, below: false, sheet: { columns: 2, rows: 4, left: 15, top: 24.5 } },
};
export const SHEET = { width: 210, height: 297 };

/** @param {Template} template */
export const perSheet = (template) => TEMPLATES[template].sheet.columns * TEMPLATES[template].sheet.rows;

/** Where the n-th badge of a sheet begins. @param {Template} template @param {number} n */
export function place(template, n) {
  const { width, height, sheet } = TEMPLATES[template];
  return { x: sheet.left + (n % sheet.columns) * width, y: sheet.top + Math.floor(n / sheet.columns) * height };
}

/** Where to cut: short lines at the edge of the sheet, none on a badge. @param {Template} template @returns {{x1: number, y1: number, x2: number, y2: number}[]} */
export function cuts(template) {
  const { width, height, sheet } = TEMPLATES[template];
  const long = Math.max(4, Math.min(8, sheet.left - 2, sheet.top - 2));
  const xs = Array.from({ length: sheet.columns + 1 }, (_, i) => sheet.left + i * width).filter((x) => x > 0 && x < SHEET.width);
  const ys = Array.from({ length: sheet.rows + 1 }, (_, i) => sheet.top + i * height).filter((y) => y > 1 && y < SHEET.height - 1);
  return [
    ...xs.flatMap((x) => [{ x1: x, y1: 0, x2: x, y2: long }, { x1: x, y1: SHEET.height - long, x2: x, y2: SHEET.height }]),
    ...ys.flatMap((y) => [{ x1: 0, y1: y, x2: long, y2: y }, { x1: SHEET.width - long, y1: y, x2: SHEET.width, y2: y }]),
  ];
}

/** Black or white, whichever can be read on it. @param {string} color #rrggbb */
export function inkOn(color) {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(color.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000000' : '#ffffff';
}

/** @param {Paper} paper @param {import('./fit.js').Measure} measure @returns {Mark[]} */
export function drawing(paper, measure) {
  const t = TEMPLATES[paper.template] || TEMPLATES.card;
  /** @type {Mark[]} */
  const marks = [];
  const inner = t.width - 2 * t.pad;
  /** @param {string} s @param {{x: number, y: number, width: number, height: number, max: number, min: number, lines: number, strong?: boolean, color?: string, anchor?: 'start' | 'end'}} box @returns {number} how high it is */
  const text = (s, box) => {
    const { size, lines } = fit(s, box, measure);
    lines.forEach((line, i) => marks.push({ kind: 'text', x: box.x, y: box.y + size * (0.85 + i * LINE), size, text: line, strong: !!box.strong, color: box.color || '#000000', anchor: box.anchor || 'start' }));
    return lines.length * size * LINE;
  };

  // Above: whose conference; and the place in the box, for whoever lays it there.
  const spot = paper.box ? `${paper.box} ${paper.number}` : '';
  const spotWidth = spot ? measure(spot, true) * t.small + 2 : 0;
  const head = text(paper.title || '', { x: t.pad, y: t.pad * 0.8, width: inner - spotWidth, height: t.small * 2.3, max: t.small, min: t.small * 0.8, lines: 2, color: '#333333' });
  if (spot) text(spot, { x: t.width - t.pad, y: t.pad * 0.8, width: spotWidth, height: t.small * 1.2, max: t.small, min: t.small, lines: 1, strong: true, anchor: 'end', color: '#333333' });

  // Below: the category, as a word and a colour.
  const band = paper.category ? t.band : 0;
  if (paper.category) {
    const color = paper.category.color || '#000000';
    marks.push({ kind: 'rect', x: 0, y: t.height - band, width: t.width, height: band, color });
    const size = band * 0.58;
    const { size: fits, lines } = fit(paper.category.name, { width: inner, height: band * 0.8, max: size, min: size * 0.55, lines: 1, strong: true }, measure);
    const top = t.height - band + (band - lines.length * fits * LINE) / 2;
    lines.forEach((line, i) => marks.push({ kind: 'text', x: t.pad, y: top + fits * (0.92 + i * LINE), size: fits, text: line, strong: true, color: inkOn(color), anchor: 'start' }));
  }

  const top = t.pad * 0.8 + Math.max(head, t.small) + t.small * 0.5;
  const bottom = t.height - (band ? band + t.pad * 0.6 : t.pad);
  let width = inner;
  let height = bottom - top;
  if (paper.code && t.below) {
    marks.push({ kind: 'code', x: t.pad, y: bottom - t.code, size: t.code, text: paper.code });
    height -= t.code + t.pad * 0.5;
  } else if (paper.code) {
    marks.push({ kind: 'code', x: t.width - t.pad - t.code, y: top + (bottom - top - t.code) / 2, size: t.code, text: paper.code });
    width -= t.code + 3;
  }

  // Between: the name, and below it for whom somebody is here; together in the middle of what is left.
  const from = marks.length;
  const small = paper.organisation ? Math.min(height * 0.34, t.organisation[0] * LINE * 2) : 0;
  const high = text(paper.name, { x: t.pad, y: top, width, height: height - (small ? small + t.small * 0.4 : 0), max: t.name[0], min: t.name[1], lines: 3, strong: true });
  let all = high;
  if (paper.organisation) all += t.small * 0.4 + text(paper.organisation, { x: t.pad, y: top + high + t.small * 0.4, width, height: small, max: t.organisation[0], min: t.organisation[1], lines: 2 });
  const down = Math.max(0, (height - all) / 2);
  for (const m of marks.slice(from)) m.y += down;
  return marks;
}
