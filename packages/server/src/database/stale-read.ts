/**
 * A script has found, under a lock, that another transaction changed what the script had read before. On PostgreSQL
 * the script runs again and reads what is there now. On SQLite there is one transaction at a time, and this never
 * happens.
 */
export class StaleReadError extends Error {
  override readonly name = "StaleReadError";
}
