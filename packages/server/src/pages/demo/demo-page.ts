export interface DemoPage {
  /** Path of the page, under which its assets and its token route are. */
  readonly base: string;
  readonly nonce: string;
  readonly publicKey: string;
  /** File name of the module that the page starts with. */
  readonly entry: string;
  /** The folder and the longest lifetime, in seconds, that the token route's policy knows. */
  readonly folder: string;
  readonly lifetime: number;
  /** Whether the page was opened under a name for which the token route works. */
  readonly isLocal: boolean;
}
