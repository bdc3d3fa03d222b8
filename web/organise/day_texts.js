// web/organise/day_texts.js: brings the words of the day desk and of the announcements
import { extend } from '../i18n/index.js';
import en from '../i18n/day.en.js';
import da from '../i18n/day.da.js';

extend({ en, da });
