// scenario: random histories of a door with stations offline and workers killed: I1 of security-reliability.md §10. Fifty of them: soak_door_history.
import { doorHistories } from '../support/door_run.mjs';

doorHistories([1, 2, 3]);
