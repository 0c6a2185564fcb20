/** The rules do not allow this address. The message is for the log only. */
export class ForbiddenAddress extends Error {
  override readonly name = "ForbiddenAddress";
  /** The host as it is in the URL: a name or an address. */
  readonly hostname: string;

  constructor(hostname: string, address: string) {
    super(`${hostname} is at ${address}, to which no connection is allowed`);
    this.hostname = hostname;
  }
}
