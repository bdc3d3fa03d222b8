// web/kiosk/file.js: scans that cannot be sent, as a file that somebody carries: what checkin.upload takes, and nothing by which a person could be known

/** @param {import('./keep.js').Scan[]} scans @param {{station: string, conference: string, at: string}} from */
export function scansFile(scans, from) {
  return JSON.stringify({ plenum: 'kept scans', v: 1, ...from, scans: scans.map(({ n: _n, answered: _a, fault: _f, ...scan }) => scan) }, null, 1);
}

/** @param {string} text @param {string} name */
export function save(text, name) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
