// web/badge/svg.js: a badge as SVG in millimetres, for paper and for a look before
import { html } from '../ui/dom.js';
import { drawing, TEMPLATES } from './layout.js';
import { codePath } from './code.js';

/** @type {CanvasRenderingContext2D | null} */
let pen = null;

/** By the page's own letters: paper gets what was measured. @type {import('./fit.js').Measure} */
function measure(text, strong) {
  pen ||= document.createElement('canvas').getContext('2d');
  if (!pen) return text.length * 0.6;
  const style = getComputedStyle(document.documentElement);
  pen.font = `${style.getPropertyValue(strong ? '--strong' : '--normal')} 100px ${style.getPropertyValue('--font')}`;
  return pen.measureText(text).width / 100;
}

/** By itself in its own size, or on a sheet that counts in millimetres. Letters are not fitted to a screen's dots: they would be wider than measured. @param {{paper: import('./layout.js').Paper, at?: {x: number, y: number}}} props */
export function Badge({ paper, at }) {
  const { width, height } = TEMPLATES[paper.template];
  return html`<svg class="badge" role="img" text-rendering="geometricPrecision" aria-label=${paper.name} viewBox=${`0 0 ${width} ${height}`} x=${at?.x} y=${at?.y} width=${at ? width : `${width}mm`} height=${at ? height : `${height}mm`}>
    ${drawing(paper, measure).map((m, i) => {
      if (m.kind === 'rect') return html`<rect key=${i} x=${m.x} y=${m.y} width=${m.width} height=${m.height} fill=${m.color} />`;
      if (m.kind === 'text') return html`<text key=${i} class=${m.strong ? 'strong' : ''} x=${m.x} y=${m.y} font-size=${m.size} text-anchor=${m.anchor} fill=${m.color}>${m.text}</text>`;
      const { size, path } = codePath(m.text);
      return html`<svg key=${i} x=${m.x} y=${m.y} width=${m.size} height=${m.size} viewBox=${`0 0 ${size} ${size}`} shape-rendering="crispEdges"><path d=${path} fill="#000000" /></svg>`;
    })}</svg>`;
}
