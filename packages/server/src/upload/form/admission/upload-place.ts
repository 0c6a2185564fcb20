import type { Place } from "./places.ts";
import type { WatchedBody } from "./stranger.ts";
import type { StrangerPlace } from "./strangers.ts";
import type { UploadAdmission } from "./upload-admission.ts";

/**
 * The treatment of an upload: as a `stranger` once it has a place among strangers, as `vouched` once its credentials
 * have been found valid.
 */
export type Trust = "stranger" | "vouched";

export interface UploadPlaceOptions {
  readonly admission: Pick<UploadAdmission, "strangers" | "vouched">;
  /** The client's network, as `clientNetwork` gives it. */
  readonly client: string;
  /** The signal is aborted when nobody waits for the upload any more. */
  readonly signal: AbortSignal;
  readonly onTrust: (trust: Trust) => void;
}

/** The body of an upload, which counts the bytes that have been read. */
export interface PlacedBody extends WatchedBody, AsyncIterator<Buffer> {
  readonly bytesRead: number;
}

/**
 * This much of a form is read without a place, no matter who sends it. It is about as much as an unread request has in
 * memory anyway. A token within it gets its upload a place that strangers can't take.
 */
const formStartBytes = 64 * 1024;

/**
 * The place of one upload. While the start of its form is read, the upload has no place. Then it has a place among
 * strangers, or a place among the vouched, or first the one and then the other.
 */
export class UploadPlace {
  readonly #options: UploadPlaceOptions;
  #body: PlacedBody | undefined;
  #stranger: StrangerPlace | undefined;
  #vouched: Place | undefined;

  constructor(options: UploadPlaceOptions) {
    this.#options = options;
  }

  /** Reads the body. Nothing behind the start of the form is read without a place. */
  read(body: PlacedBody): AsyncIterator<Buffer> {
    this.#body = body;
    return {
      next: () =>
        body.bytesRead < formStartBytes || this.#hasPlace ? body.next() : this.enter().then(() => body.next()),
    };
  }

  /**
   * Takes a place among strangers if the upload has no place yet. The file arrives, and no credentials have vouched for
   * it.
   * @throws SluiceError SERVER_BUSY; the signal's reason
   */
  async enter(): Promise<void> {
    if (this.#hasPlace || this.#body === undefined) return;
    const { admission, client, signal, onTrust } = this.#options;
    this.#stranger = await admission.strangers.enter(client, this.#body, signal);
    onTrust("stranger");
  }

  /**
   * Records that the credentials are valid. An upload that was let in as a stranger never waits for another place: if
   * no place among the vouched is free, the upload keeps the place that it has, for good.
   * @returns whether there was a place at once
   * @throws SluiceError UPLOAD_GAVE_WAY
   */
  tryVouch(account: string): boolean {
    const { admission, client } = this.#options;
    this.#stranger?.vouch();
    const place = admission.vouched.tryTake({ account, client });
    if (place === undefined && this.#stranger === undefined) return false;
    if (place !== undefined) this.#moveTo(place);
    this.#options.onTrust("vouched");
    return true;
  }

  /** Waits for a place among the vouched. @throws SluiceError SERVER_BUSY; the signal's reason */
  async vouch(account: string): Promise<void> {
    const { admission, client, signal, onTrust } = this.#options;
    this.#moveTo(await admission.vouched.take({ account, client }, signal));
    onTrust("vouched");
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
