// web/organise/selection_texts.js: brings the words of the selection
import { extend } from '../i18n/index.js';
import en from '../i18n/selection.en.js';
import da from '../i18n/selection.da.js';

extend({ en, da });
