export interface DemoPage {
  /** The page's path. Its assets and its token route are below it. */
  readonly base: string;
  readonly nonce: string;
  readonly publicKey: string;
  /** File name of the module that the page starts with. */
  readonly entry: string;
  /** The folder and the longest lifetime, in seconds, of the token route's policy. */
  readonly folder: string;
  readonly lifetime: number;
}
