// web/i18n/stage.da.js: the stage's own words in Danish
export default {
  'stage.next': 'Næste:',
  'stage.left': 'Tid tilbage',
  'stage.over': 'Over tid',
  'stage.to_speaker': 'Til oplægsholderen:',
  'stage.more_words.one': 'og 1 til',
  'stage.more_words.other': 'og {n} til',
};
