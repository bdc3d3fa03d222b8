// scenario (soak): fifty random histories of a hall. HALL_SEEDS names others: "7", "100-115".
import { hallHistories } from '../support/hall_run.mjs';

const [first, last] = (process.env.HALL_SEEDS ?? '1-50').split('-').map(Number);
hallHistories(Array.from({ length: (last ?? first) - first + 1 }, (_, i) => first + i), { ms: 3000, limit: 900 });
