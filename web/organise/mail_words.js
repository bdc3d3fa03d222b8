// web/organise/mail_words.js: brings the words of mail
import { extend } from '../i18n/index.js';
import en from '../i18n/mail.en.js';
import da from '../i18n/mail.da.js';

extend({ en, da });
