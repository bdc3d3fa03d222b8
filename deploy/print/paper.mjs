// deploy: a badge as a PDF of its own size: the drawing the print page makes too (web/badge/layout.js), with letters that are in the file.
import { createRequire } from 'node:module';
import * as fontkit from 'fontkit';
import PDFDocument from 'pdfkit';
import qrcode from 'qrcode-generator';
import { TEMPLATES, drawing } from '../../web/badge/layout.js';

const require = createRequire(import.meta.url);
const MM = 72 / 25.4;

// No font here has that letter: said, for a badge of boxes is worse than none.
export class NoLetter extends Error {}

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });
const own = (strong) => require.resolve(`dejavu-fonts-ttf/ttf/DejaVuSans${strong ? '-Bold' : ''}.ttf`);

// more: files of further fonts (.ttf, .otf, or .ttc#Name) for letters that the own one lacks, in this order.
export class Press {
	constructor(more = []) {
		this.widths = new Map();
		this.fonts = [false, true].map((strong) => [own(strong), ...more].map((spec) => {
			const [file, name] = spec.split('#');
			return { file, name, kit: fontkit.openSync(file, name) };
		}));
	}

	// A text in pieces of one font each.
	runs(text, strong) {
		const runs = [];
		for (const { segment } of segments.segment(text)) {
			const points = [...segment].map((letter) => letter.codePointAt(0)).filter((point) => point !== 0x200d && (point < 0xfe00 || point > 0xfe0f));
			const last = runs[runs.length - 1];
			const has = (font) => points.every((point) => font.kit.hasGlyphForCodePoint(point));
			const font = last && has(last.font) ? last.font : this.fonts[strong ? 1 : 0].find(has);
			if (!font) throw new NoLetter(`No font on this computer has the letter ${segment} of this badge`);
			if (last?.font === font) last.text += segment;
			else runs.push({ font, text: segment });
		}
		return runs;
	}

	// The same words are asked for at many sizes, and shaping them is what takes time.
	measure(text, strong) {
		const key = `${strong ? 1 : 0}${text}`;
		if (!this.widths.has(key)) this.widths.set(key, this.shaped(text, strong));
		return this.widths.get(key);
	}

	shaped(text, strong) {
		return this.runs(text, strong).reduce((sum, { font, text: part }) => sum + font.kit.layout(part).advanceWidth / font.kit.unitsPerEm, 0);
	}

	// → the file's bytes.
	pdf(paper) {
		const { width, height } = TEMPLATES[paper.template];
		this.widths.clear();
		const doc = new PDFDocument({ size: [width * MM, height * MM], margin: 0, info: { Title: `Badge ${paper.id}`, Producer: 'Plenum' } });
		const chunks = [];
		doc.on('data', (chunk) => chunks.push(chunk));
		const ended = new Promise((resolve, reject) => doc.on('end', () => resolve(Buffer.concat(chunks))).on('error', reject));
		for (const mark of drawing(paper, (text, strong) => this.measure(text, strong))) {
			if (mark.kind === 'rect') doc.rect(mark.x * MM, mark.y * MM, mark.width * MM, mark.height * MM).fill(mark.color);
			else if (mark.kind === 'code') this.code(doc, mark);
			else this.text(doc, mark);
		}
		doc.end();
		return ended;
	}

	text(doc, { text, x, y, size, strong, color, anchor }) {
		let at = x - (anchor === 'end' ? this.measure(text, strong) * size : 0);
		for (const run of this.runs(text, strong)) {
			doc.font(run.font.file, run.font.name).fontSize(size * MM).fillColor(color).text(run.text, at * MM, y * MM, { lineBreak: false, baseline: 'alphabetic' });
			at += (run.font.kit.layout(run.text).advanceWidth / run.font.kit.unitsPerEm) * size;
		}
	}

	code(doc, { text, x, y, size }) {
		const code = qrcode(0, 'M');
		code.addData(text, 'Alphanumeric');
		code.make();
		const n = code.getModuleCount();
		const one = (size / n) * MM;
		for (let row = 0; row < n; row++) for (let column = 0; column < n; column++) if (code.isDark(row, column)) doc.rect(x * MM + column * one, y * MM + row * one, one, one);
		doc.fill('#000000');
	}
}
