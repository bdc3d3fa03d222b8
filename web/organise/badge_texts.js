// web/organise/badge_texts.js: brings the words of badges and door lists
import { extend } from '../i18n/index.js';
import en from '../i18n/badge.en.js';
import da from '../i18n/badge.da.js';

extend({ en, da });
