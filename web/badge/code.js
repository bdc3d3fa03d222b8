// web/badge/code.js: an entry code as a QR code of 21 modules: upper-case letters and digits take the narrow alphabet
import qrcode from 'qrcode-generator';

/** Without the quiet zone: the paper around it is white. @param {string} text @returns {{size: number, path: string}} */
export function codePath(text) {
  const code = qrcode(0, 'M');
  code.addData(text, 'Alphanumeric');
  code.make();
  const n = code.getModuleCount();
  let path = '';
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      if (!code.isDark(y, x)) continue;
      let run = 1;
      while (x + run < n && code.isDark(y, x + run)) run++;
      path += `M${x} ${y}h${run}v1h-${run}z`;
      x += run - 1;
    }
  }
  return { size: n, path };
}
