// scenario: twenty seconds of everything that changes a programme, at once: see tests/support/programme_soak.mjs.
import { programmeSoak } from '../support/programme_soak.mjs';

programmeSoak(20);
