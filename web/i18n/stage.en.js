// web/i18n/stage.en.js: the stage's own words in English
export default {
  'stage.next': 'Next:',
  'stage.left': 'Time left',
  'stage.over': 'Over time',
  'stage.to_speaker': 'To the speaker:',
  'stage.more_words.one': 'and 1 more',
  'stage.more_words.other': 'and {n} more',
};
