// web/ui/later.js: a part of a page that is fetched when it is first needed
import { html, useEffect, useState } from './dom.js';
import { t } from '../i18n/index.js';

/** @param {{load: () => Promise<any>, name: string, props: any}} props */
export function Later({ load, name, props }) {
  const [part, setPart] = useState(/** @type {any} */ (null));
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    load().then((m) => setPart(() => m[name]), () => setFailed(true));
  }, []);
  if (failed) return html`<p class="error" role="alert">${t('fault.network')}</p>`;
  return part ? html`<${part} ...${props} />` : null;
}
