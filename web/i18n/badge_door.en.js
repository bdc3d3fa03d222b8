// web/i18n/badge_door.en.js: what a door says of badges, in English
export default {
  'kiosk.badge_box': 'Your badge: box {box}, {number}',
  'kiosk.badge_at': 'Your badge is printing at {printer}',
  'kiosk.badge_prints': 'Your badge is printing',
  'kiosk.badge_waits': 'Your badge comes later: the printer is off',
  'kiosk.badge_desk': 'Ask for your badge at the desk',
  'kiosk.badge_print': 'Print the badge',
};
