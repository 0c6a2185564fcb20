import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type ConsoleBuild, findBuild } from "./find-build.ts";
import { type ConsoleApp, loadApp } from "./load-app.ts";
import type { ConsolePlaces } from "./places.ts";

interface Kept {
  readonly folder: string;
  readonly changedAt: number;
  readonly app: ConsoleApp;
}

type Missing = Exclude<ConsoleBuild, { readonly state: "built" }>;

/** To find out whether the sources are built takes reading all of them. It is not done again for so long. */
const missingMs = 2000;

/** The app as it is now. It is read when somebody asks for it, and again once its folder has another page. */
export class KeptApp {
  readonly #places: ConsolePlaces;
  readonly #now: () => number;
  #kept: Kept | undefined;
  #missing: { readonly build: Missing; readonly until: number } | undefined;
  #looking: Promise<ConsoleApp | Missing> | undefined;

  constructor(places: ConsolePlaces, now: () => number = () => performance.now()) {
    this.#places = places;
    this.#now = now;
  }

  /** Everybody who asks meanwhile shares the look. */
  current(): Promise<ConsoleApp | Missing> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<ConsoleApp | Missing> {
    const kept = this.#kept;
    if (kept !== undefined && (await changeOf(kept.folder)) === kept.changedAt) return kept.app;
    if (this.#missing !== undefined && this.#now() < this.#missing.until) return this.#missing.build;
    const build = await findBuild(this.#places);
    this.#missing = build.state === "built" ? undefined : { build, until: this.#now() + missingMs };
    if (build.state !== "built") return build;
    const changedAt = await changeOf(build.folder);
    const app = await loadApp(build.folder);
    this.#kept = { folder: build.folder, changedAt, app };
    return app;
  }
}

/** The time at which the page was written; 0 if there is none. */
function changeOf(folder: string): Promise<number> {
  return stat(join(folder, "index.html")).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
