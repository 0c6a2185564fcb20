import { ConfigError } from "../../config/config-error.ts";

/**
 * Checks a PostgreSQL URL from the configuration. The error says what is wrong without showing the URL, because it
 * contains a password.
 * @throws ConfigError
 */
export function parseDatabaseUrl(text: string): string {
  if (!URL.canParse(text) || !/^postgres(ql)?:\/\//i.test(text)) {
    throw new ConfigError("--database-url must be a postgres:// or postgresql:// URL");
  }
  return text;
}

/** Names the database in messages by its host and name. It never shows who connects and how. */
export function describeDatabaseUrl(url: string): string {
  const { host, pathname } = new URL(url);
  return `PostgreSQL at ${host || "the local socket"}${pathname}`;
}
