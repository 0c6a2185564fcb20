/** A rendition needs something that a job has to make first. */
export class MadeLater extends Error {
  override readonly name: string = "MadeLater";
  /** The key of what is missing. Renditions that need the same share one job. */
  readonly key: string;

  constructor(key: string, message: string) {
    super(message);
    this.key = key;
  }
}
