/** The sources of an app in a checkout, and the program that makes it. */
export interface AppSources {
  /** The root of the checkout. */
  readonly root: string;
  /** The folder in which the builder runs. */
  readonly workspace: string;
  /** A file without which the checkout lacks the app. */
  readonly manifest: string;
  /** The files from which the app is made, as patterns below the root. Tests among them don't count. */
  readonly files: readonly string[];
  /** The folder of a build that somebody has made on purpose. */
  readonly dist?: string;
  /** @returns Node's arguments that build the app into the folder; undefined where the builder is not installed */
  readonly builder: (outDir: string) => readonly string[] | undefined;
}

/** The folders in which an app may be. Undefined ones don't exist here. */
export interface AppPlaces {
  readonly sources?: AppSources;
  /** The app as it was built for this package. */
  readonly packaged?: string;
  /** The folder of apps that servers of a checkout have built. */
  readonly cache?: string;
}
