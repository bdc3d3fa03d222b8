// web/i18n/badge_door.da.js: what a door says of badges, in Danish
export default {
  'kiosk.badge_box': 'Dit navneskilt: kasse {box}, {number}',
  'kiosk.badge_at': 'Dit navneskilt udskrives ved {printer}',
  'kiosk.badge_prints': 'Dit navneskilt udskrives',
  'kiosk.badge_waits': 'Dit navneskilt kommer senere: printeren er slukket',
  'kiosk.badge_desk': 'Spørg efter dit navneskilt i receptionen',
  'kiosk.badge_print': 'Udskriv navneskiltet',
};
