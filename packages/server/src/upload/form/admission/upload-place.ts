import type { Place } from "./places.ts";
import type { WatchedBody } from "./stranger.ts";
import type { StrangerPlace } from "./strangers.ts";
import type { UploadAdmission } from "./upload-admission.ts";

/** What an upload is taken for: `stranger` once it has a place among strangers, `vouched` once its credentials hold. */
export type Standing = "stranger" | "vouched";

export interface UploadPlaceOptions {
  readonly admission: UploadAdmission;
  /** A network, as `clientNetwork` tells it. */
  readonly client: string;
  /** Aborted when nobody waits for the upload any more. */
  readonly signal: AbortSignal;
  readonly onStanding: (standing: Standing) => void;
}

/** The body of an upload, with how much of it has been read. */
export interface PlacedBody extends WatchedBody, AsyncIterator<Buffer> {
  readonly bytesRead: number;
}

/**
 * So much of a form is read without a place, whoever sends it: about what an unread request has in memory anyway. A token
 * within it gets its upload a place that strangers can't take.
 */
const formStartBytes = 64 * 1024;

/**
 * The place of one upload. It has none while its form's start is read. Then it has one among strangers, or among the
 * vouched, or first the one and then the other.
 */
export class UploadPlace {
  readonly #options: UploadPlaceOptions;
  #body: PlacedBody | undefined;
  #stranger: StrangerPlace | undefined;
  #vouched: Place | undefined;

  constructor(options: UploadPlaceOptions) {
    this.#options = options;
  }

  /** The body, of which nothing behind the form's start is read without a place. */
  read(body: PlacedBody): AsyncIterator<Buffer> {
    this.#body = body;
    return {
      next: () =>
        body.bytesRead < formStartBytes || this.#hasPlace ? body.next() : this.enter().then(() => body.next()),
    };
  }

  /**
   * Takes a place among strangers where there is none yet: the file comes, and nobody has vouched for it.
   * @throws SluiceError SERVER_BUSY; the signal's reason
   */
  async enter(): Promise<void> {
    if (this.#hasPlace || this.#body === undefined) return;
    const { admission, client, signal, onStanding } = this.#options;
    this.#stranger = await admission.strangers.enter(client, this.#body, signal);
    onStanding("stranger");
  }

  /**
   * The credentials hold. An upload that was let in as a stranger never waits for another place: where the vouched have
   * none for it, it keeps the one it has, for good.
   * @returns whether there was a place at once
   * @throws SluiceError UPLOAD_GAVE_WAY
   */
  tryVouch(account: string): boolean {
    const { admission, client } = this.#options;
    this.#stranger?.vouch();
    const place = admission.vouched.tryTake({ account, client });
    if (place === undefined && this.#stranger === undefined) return false;
    if (place !== undefined) this.#moveTo(place);
    this.#options.onStanding("vouched");
    return true;
  }

  /** Waits for a place among the vouched. @throws SluiceError SERVER_BUSY; the signal's reason */
  async vouch(account: string): Promise<void> {
    const { admission, client, signal, onStanding } = this.#options;
    this.#moveTo(await admission.vouched.take({ account, client }, signal));
    onStanding("vouched");
  }

  /** @returns undefined when there was room at once */
  takeRoom(bytes: number): Promise<void> | undefined {
    return this.#stranger?.take(bytes);
  }

  release(): void {
    this.#stranger?.release();
    this.#vouched?.release();
  }

  get #hasPlace(): boolean {
    return this.#stranger !== undefined || this.#vouched !== undefined;
  }

  #moveTo(place: Place): void {
    this.#stranger?.release();
    this.#stranger = undefined;
    this.#vouched = place;
  }
}
