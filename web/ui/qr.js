// web/ui/qr.js: a QR code as one SVG path, with the quiet zone a phone needs
import qrcode from 'qrcode-generator';

/** @param {string} text @returns {{size: number, path: string}} */
export function qrPath(text) {
  const code = qrcode(0, 'M');
  // Capitals and digits alone take less room: an entry code then has 21 squares a side instead of 25.
  code.addData(text, /^[0-9A-Z $%*+\-./:]*$/.test(text) ? 'Alphanumeric' : 'Byte');
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
