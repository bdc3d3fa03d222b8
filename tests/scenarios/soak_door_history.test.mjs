// soak: fifty random histories of a door; DOOR_SEEDS names others.
import { doorHistories } from '../support/door_run.mjs';

doorHistories(process.env.DOOR_SEEDS?.split(',').map(Number) ?? Array.from({ length: 50 }, (_, i) => i + 1), { limit: 3500 });
