/** Sluice's own schema, so that an operator's pg-boss of another version in the same database is kept apart. */
export const bossSchema = "sluice_jobs";

/** The queue of the jobs that have failed for good. */
export const deadLetterQueue = "dead-letters";
