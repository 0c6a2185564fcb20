import { ConfigError } from "../../config/config-error.ts";

/**
 * A URL of PostgreSQL as it may be configured. What is wrong with it is said without showing it: it holds a password.
 * @throws ConfigError
 */
export function parseDatabaseUrl(text: string): string {
  if (!URL.canParse(text) || !/^postgres(ql)?:\/\//i.test(text)) {
    throw new ConfigError("--database-url must be a postgres:// or postgresql:// URL");
  }
  return text;
}

/** Names the database in messages: its host and name, never who connects and how. */
export function describeDatabaseUrl(url: string): string {
  const { host, pathname } = new URL(url);
  return `PostgreSQL at ${host || "the local socket"}${pathname}`;
}
