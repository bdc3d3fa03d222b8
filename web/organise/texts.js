// web/organise/texts.js: brings the organiser's own catalogue; imported first, so that every view finds its words
import { extend } from '../i18n/index.js';
import en from '../i18n/organise.en.js';
import da from '../i18n/organise.da.js';
import doorsEn from '../i18n/doors.en.js';
import doorsDa from '../i18n/doors.da.js';

extend({ en, da });
extend({ en: doorsEn, da: doorsDa });
