/** The configuration can't be used. The message is one line that names the setting, and the command exits with 2. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
