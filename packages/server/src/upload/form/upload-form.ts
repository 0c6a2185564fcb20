import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import { storageExceeded } from "../../accounts/storage-limit.ts";
import type { TokenKey } from "../../database/repositories/used-tokens.ts";
import { IncomingFile } from "../../library/content/incoming-file.ts";
import { type RoomDeps, storageUse } from "../../library/content/storage-room.ts";
import { outboundRules } from "../../network/outbound-rules.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";
import type { UploadDeps } from "../deps.ts";
import { noticeFailure } from "../failures.ts";
import { giveUp } from "../outcome/uploads-under-way.ts";
import { type AdmittedBody, type Trust, UploadSlot } from "./admission/upload-slot.ts";
import type { Admitted, Authoriser } from "./authorise/authoriser.ts";
import { type AuthoriserDeps, type AuthoriserRequest, chooseAuthoriser } from "./authorise/choose-authoriser.ts";
import { FormReader, type FormStart } from "./receive/form-reader.ts";
import { receiveRemoteFile } from "./receive/remote-file.ts";

export interface FormRequest extends AuthoriserRequest {
  /** Names the upload in the answer and in the events of its transformations. */
  readonly requestId: string;
  readonly contentType: string | undefined;
  /** The client's network, as `clientNetwork` returns it. */
  readonly client: string;
  /** Called when the credentials in the headers hold: from here on the body is wanted. */
  readonly openBody: () => AdmittedBody;
  /** Called with the upload's trust whenever it rises. */
  readonly onTrust: (trust: Trust) => void;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

type FormDeps = AuthoriserDeps & Pick<UploadDeps, "admission" | "spool" | "unknownParameters" | "uploadsUnderWay">;

/**
 * An upload that comes as a form: admission, credentials, multipart. It owns the upload's slot and its file in the
 * spool until it is released.
 */
export class UploadForm {
  readonly file: IncomingFile;
  readonly #deps: FormDeps;
  readonly #request: FormRequest;
  readonly #slot: UploadSlot;
  readonly #authoriser: Authoriser;
  #end: (() => void) | undefined;

  private constructor(
    deps: FormDeps,
    request: FormRequest,
    slot: UploadSlot,
    file: IncomingFile,
    authoriser: Authoriser,
  ) {
    this.#deps = deps;
    this.#request = request;
    this.#slot = slot;
    this.file = file;
    this.#authoriser = authoriser;
  }

  /** @throws SluiceError when the credentials in the headers don't hold: before the body is read */
  static async open(deps: FormDeps, request: FormRequest): Promise<UploadForm> {
    const { client, signal, onTrust } = request;
    const { admission, config, spool } = deps;
    const slot = new UploadSlot({ admission, client, signal, onTrust });
    const file = new IncomingFile(spool, config.fileSize, (bytes) => slot.takeRoom(bytes));
    const authoriser = await chooseAuthoriser(deps, request, slot, file);
    return new UploadForm(deps, request, slot, file, authoriser);
  }

  /** The principal that the credentials let in, once they have been found valid. */
  get admitted(): Admitted | undefined {
    return this.#authoriser.admitted;
  }

  /** The token that has been burnt for this upload, and for no other. */
  get token(): TokenKey | undefined {
    return this.#authoriser.token;
  }

  /** Has the client send the body, whose fields the authoriser judges as they come. */
  openBody(): FormReader {
    const { contentType, openBody } = this.#request;
    return new FormReader(contentType, this.#slot.read(openBody()), this.#authoriser, this.#deps.config.limits);
  }

  /**
   * Takes a slot for a file that comes without credentials, and bounds another one by the storage that its account has
   * left.
   * @throws SluiceError SERVER_BUSY, STORAGE_LIMIT_EXCEEDED; the signal's reason
   */
  async limitFile({ isBinary }: FormStart): Promise<void> {
    // Nothing more of a form without credentials is read until there is a slot.
    if (this.admitted === undefined) await this.#slot.enter();
    else
      await limitByFreeStorage(
        this.#deps,
        this.admitted,
        this.file,
        isBinary ? this.#request.contentLength : undefined,
      );
  }

  /**
   * Judges the credentials of the whole form, and then the size of its file.
   * @param fields the text fields. Their values have not been checked
   * @throws SluiceError when the upload is not allowed
   */
  authorise(fields: ReadonlyMap<string, string>): Principal {
    const { unknownParameters, uploadsUnderWay } = this.#deps;
    const principal = this.#authoriser.close();
    unknownParameters.warn(fields.keys(), this.#request.requestId);
    this.#end = this.token && uploadsUnderWay.begin(this.token.digest);
    if (this.file.excess !== undefined) throw this.file.excess;
    return principal;
  }

  /**
   * Downloads the file that the form gives as a URL. Call this only for uploads that have been authorised and resolved:
   * nobody else may make this server connect to anything.
   * @throws SluiceError FILE_URL_NOT_ALLOWED, FILE_URL_UNREACHABLE, FILE_TOO_LARGE; ClientGone
   */
  async download(remoteUrl: string): Promise<void> {
    const { config, now } = this.#deps;
    const { arrivedAt, signal } = this.#request;
    const totalMs = arrivedAt + config.limits.requestMs - now();
    const rules = outboundRules(config);
    await receiveRemoteFile(remoteUrl, this.file, { rules, limits: config.limits, totalMs, signal });
  }

  /** @throws SluiceError FILE_MISSING, FILE_TOO_LARGE */
  async wholeFile(): Promise<{ readonly file: SpooledFile; readonly head: Uint8Array }> {
    const file = await this.file.finish();
    if (file === undefined) throw new SluiceError("FILE_MISSING");
    return { file, head: this.file.head };
  }

  /** Tells other uploads of a full disk, and those who ask for the outcome that there is none. */
  fail(error: unknown): void {
    noticeFailure(this.#deps, error);
    if (this.token !== undefined) giveUp(this.#deps, this.token);
  }

  /** Releases the slot and discards the file. A second call does nothing. Never throws. */
  async release(): Promise<void> {
    await this.file.discard();
    this.#slot.release();
  }

  /** Ends the upload, whatever has become of it. Never throws. */
  async close(): Promise<void> {
    await this.release();
    this.#end?.();
  }
}

/**
 * Bounds the file by the account's free storage before the file comes: refuses it when the storage is full, and else
 * lets it grow no larger than the storage that is left. A file is not bounded here when something else may be stored in
 * its place (`transformation.pre`), which can't be ruled out without claims. It is then measured once it is known what
 * is stored.
 * @param length bytes of the request's body, when the file is sent as it is and its sender announces the length
 * @throws SluiceError STORAGE_LIMIT_EXCEEDED
 */
async function limitByFreeStorage(
  deps: RoomDeps,
  { principal, claims }: Admitted,
  file: Pick<IncomingFile, "boundBy" | "announce">,
  length: number | undefined,
): Promise<void> {
  const use = await storageUse(deps, principal);
  if (use === undefined) return;
  if (use.stored >= use.limit) throw storageExceeded(use);
  if (claims === undefined || claims.has("transformation")) return;
  const { allFieldsBytes, parts, partHeaderBytes } = deps.config.limits;
  const left = use.limit - use.stored;
  file.boundBy(left, storageExceeded(use));
  // Beside the file, a form holds its fields and the headers of its parts.
  if (length !== undefined && length - allFieldsBytes - parts * partHeaderBytes > left) throw storageExceeded(use);
}
