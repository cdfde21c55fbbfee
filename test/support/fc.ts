/**
 * fast-check with one seed, so that every run of the suite draws the same examples: FAST_CHECK_SEED draws others, and `npm run fuzz` as many
 * as its time allows.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20260827) });

export default fc;
