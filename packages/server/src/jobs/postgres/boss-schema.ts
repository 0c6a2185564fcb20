/** Of its own, so that an operator's pg-boss of another version in the same database is none of ours. */
export const bossSchema = "sluice_jobs";
