/** The configuration can't be used. The message is one line that names the setting, and the command exits with 2. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** A command that leads on, such as `npm start -- --port 3001`. It is shown behind the message as it stands here. */
  readonly advice?: string;

  constructor(message: string, { advice, ...options }: ErrorOptions & { readonly advice?: string } = {}) {
    super(message, options);
    if (advice !== undefined) this.advice = advice;
  }
}
