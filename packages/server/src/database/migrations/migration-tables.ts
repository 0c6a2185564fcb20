/**
 * Where it is kept which migrations have run. The names are Sluice's alone, since the database may be another program's
 * as well.
 */
export const migrationTables = {
  migrationTableName: "sluice_migrations",
  migrationLockTableName: "sluice_migration_lock",
} as const;
