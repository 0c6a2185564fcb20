import type { Slot } from "../../../concurrency/fair-queue.ts";
import type { WatchedBody } from "./give-way.ts";
import type { UnauthenticatedSlot } from "./unauthenticated-uploads.ts";
import type { UploadAdmission } from "./upload-admission.ts";

/** Whether the credentials of an upload have been found valid. It is unknown until the upload has a slot. */
export type Trust = "unauthenticated" | "authenticated";

export interface UploadSlotOptions {
  readonly admission: Pick<UploadAdmission, "authenticated" | "unauthenticated">;
  /** The client's network, as `clientNetwork` gives it. */
  readonly client: string;
  /** The signal is aborted when nobody waits for the upload any more. */
  readonly signal: AbortSignal;
  readonly onTrust: (trust: Trust) => void;
}

/** The body of an upload, which counts the bytes that have been read. */
export interface AdmittedBody extends WatchedBody, AsyncIterator<Buffer> {
  readonly bytesRead: number;
}

/**
 * This much of a form is read without a slot, no matter who sends it. It is about as much as an unread request has in
 * memory anyway. A token within it gets its upload a slot that uploads without credentials can't take.
 */
const formStartBytes = 64 * 1024;

/**
 * The slot of one upload. While the start of its form is read, the upload has no slot. Then it has one of those without
 * credentials, or one of those with credentials, or first the one and then the other.
 */
export class UploadSlot {
  readonly #options: UploadSlotOptions;
  #body: AdmittedBody | undefined;
  #unauthenticated: UnauthenticatedSlot | undefined;
  #authenticated: Slot | undefined;

  constructor(options: UploadSlotOptions) {
    this.#options = options;
  }

  /** Reads the body. Nothing behind the start of the form is read without a slot. */
  read(body: AdmittedBody): AsyncIterator<Buffer> {
    this.#body = body;
    return {
      next: () =>
        body.bytesRead < formStartBytes || this.#hasSlot ? body.next() : this.enter().then(() => body.next()),
    };
  }

  /**
   * Takes a slot of those without credentials if the upload has no slot yet. The file arrives before its credentials.
   * @throws SluiceError SERVER_BUSY; the signal's reason
   */
  async enter(): Promise<void> {
    if (this.#hasSlot || this.#body === undefined) return;
    const { admission, client, signal, onTrust } = this.#options;
    this.#unauthenticated = await admission.unauthenticated.enter(client, this.#body, signal);
    onTrust("unauthenticated");
  }

  /**
   * Records that the credentials are valid. An upload that was let in without credentials never waits for another slot:
   * if none of those with credentials is free, the upload keeps the slot that it has, for good.
   * @returns whether there was a slot at once
   * @throws SluiceError UPLOAD_GAVE_WAY
   */
  tryAdmit(account: string): boolean {
    const { admission, client } = this.#options;
    this.#unauthenticated?.exempt();
    const slot = admission.authenticated.tryTake({ account, client });
    if (slot === undefined && this.#unauthenticated === undefined) return false;
    if (slot !== undefined) this.#moveTo(slot);
    this.#options.onTrust("authenticated");
    return true;
  }

  /** Waits for a slot of those with credentials. @throws SluiceError SERVER_BUSY; the signal's reason */
  async admit(account: string): Promise<void> {
    const { admission, client, signal, onTrust } = this.#options;
    this.#moveTo(await admission.authenticated.take({ account, client }, signal));
    onTrust("authenticated");
  }

  /** @returns undefined when there was room at once */
  takeRoom(bytes: number): Promise<void> | undefined {
    return this.#unauthenticated?.take(bytes);
  }

  release(): void {
    this.#unauthenticated?.release();
    this.#authenticated?.release();
  }

  get #hasSlot(): boolean {
    return this.#unauthenticated !== undefined || this.#authenticated !== undefined;
  }

  #moveTo(slot: Slot): void {
    this.#unauthenticated?.release();
    this.#unauthenticated = undefined;
    this.#authenticated = slot;
  }
}
