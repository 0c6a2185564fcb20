/**
 * Queries for everything that migrations make: each row has a name and its definition. They leave out what the engines
 * and pg-boss, which has a schema of its own, keep for themselves.
 */
export const schemaQueries = {
  sqlite: ["select type || ' ' || name as name, sql as definition from sqlite_master where name not like 'sqlite_%'"],
  postgres: [
    `select format('table %s', relname) as name, relkind::text as definition
      from pg_class where relnamespace = 'public'::regnamespace and relkind not in ('i', 'I')`,
    `select format('column %s %s', attnum, attrelid::regclass) as name,
        concat_ws(' ', attname, format_type(atttypid, atttypmod), attcollation::regcollation, attidentity, attgenerated,
          case when attnotnull then 'not null' end, 'default ' || pg_get_expr(adbin, adrelid)) as definition
      from pg_attribute join pg_class on pg_class.oid = attrelid
        left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped`,
    `select format('index %s', indexname) as name, indexdef as definition from pg_indexes where schemaname = 'public'`,
    `select format('constraint %s %s', conrelid::regclass, conname) as name, pg_get_constraintdef(oid) as definition
      from pg_constraint where connamespace = 'public'::regnamespace`,
    `select format('trigger %s %s', tgrelid::regclass, tgname) as name, pg_get_triggerdef(pg_trigger.oid) as definition
      from pg_trigger join pg_class on pg_class.oid = tgrelid
      where relnamespace = 'public'::regnamespace and not tgisinternal`,
    `select format('function %s', oid::regprocedure) as name, pg_get_functiondef(oid) as definition
      from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'f'`,
  ],
} as const;
