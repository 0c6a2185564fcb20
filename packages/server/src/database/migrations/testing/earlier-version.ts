/** Statements that turn an empty database, on either engine, into one that is recognised as an unreleased version's. */
export function earlierVersion(migrationTable = "sluice_migrations"): readonly string[] {
  return [
    "create table used_tokens (expires_at integer not null, account_id text not null)",
    "insert into used_tokens values (1, 'a')",
    `create table ${migrationTable} (name varchar(255) not null primary key, timestamp varchar(255) not null)`,
    `insert into ${migrationTable} values ('0001-initial', 'then')`,
  ];
}
