// web/ui/qr.js: a QR code as one SVG path, with the quiet zone a phone needs
import qrcode from 'qrcode-generator';

/** @param {string} text @returns {{size: number, path: string}} */
export function qrPath(text) {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const n = code.getModuleCount();
  let path = '';
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      if (!code.isDark(y, x)) continue;
      let run = 1;
      while (x + run < n && code.isDark(y, x + run)) run++;
      path += `M${x + 4} ${y + 4}h${run}v1h-${run}z`;
      x += run - 1;
    }
  }
  return { size: n + 8, path };
}
