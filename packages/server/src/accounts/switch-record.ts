/** A setting of an account, as `sluice account set` takes it and the documentation lists it. */
export interface SwitchRecord<Value> {
  /** The option of `sluice account set`, without its dashes. */
  readonly flag: string;
  /** The accepted values, described for people. */
  readonly values: string;
  readonly standard: Value;
  /**
   * The value of accounts for which none is stored, where that isn't the default: the default of the version that made
   * them, which they keep. An account that is made gets the default stored.
   */
  readonly former?: Value;
  readonly description: string;
  /** Reads the value as it is written on the command line. @returns undefined for a value that is not accepted */
  parse(text: string): Value | undefined;
  /** Checks a value of the API. @returns undefined for a value that is not accepted */
  accept(value: unknown): Value | undefined;
}
