// scenario: three random histories of a hall: asks, votes, two moderators, cut connections, a slow reader, a worker killed; then the tables and what everybody was told agree.
import { hallHistories } from '../support/hall_run.mjs';

hallHistories([1, 2, 3]);
