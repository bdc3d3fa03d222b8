// scenario (soak): two organisers edit, release and take back while every room is run, streams change, announcements go out, the clock leaps and workers die; then everything still adds up.
import { programmeSoak } from '../support/programme_soak.mjs';

programmeSoak(Number(process.env.PLENUM_SOAK_SECONDS ?? 90));
