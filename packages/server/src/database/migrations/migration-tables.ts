/**
 * The tables that record which migrations have run. The names are Sluice's alone, because another program may use the
 * same database.
 */
export const migrationTables = {
  migrationTableName: "sluice_migrations",
  migrationLockTableName: "sluice_migration_lock",
} as const;
