// web/organise/review_texts.js: brings the words of the review
import { extend } from '../i18n/index.js';
import en from '../i18n/review.en.js';
import da from '../i18n/review.da.js';
import tableEn from '../i18n/review_table.en.js';
import tableDa from '../i18n/review_table.da.js';

extend({ en, da });
extend({ en: tableEn, da: tableDa });
