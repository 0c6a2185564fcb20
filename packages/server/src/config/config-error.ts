/** The configuration can't be used; the message is one line that names the setting. The command exits with 2. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
