import type { Principal } from "../../accounts/authenticate.ts";
import type { TokenKey } from "../../database/repositories/used-tokens.ts";
import { IncomingFile } from "../../library/content/incoming-file.ts";
import { outboundRules } from "../../network/outbound-rules.ts";
import type { UploadNeeds } from "../needs.ts";
import { type PlacedBody, type Standing, UploadPlace } from "./admission/upload-place.ts";
import type { Admitted, Gate } from "./authorise/gate.ts";
import { type GateNeeds, type GateRequest, openGate } from "./authorise/open-gate.ts";
import { boundByRoom } from "./bound-by-room.ts";
import { type ReceivedForm, receive } from "./receive/receive.ts";
import { receiveRemoteFile } from "./receive/remote-file.ts";

export interface FormRequest extends GateRequest {
  readonly contentType: string | undefined;
  /** The client's network, as `clientNetwork` returns it. */
  readonly client: string;
  /** Called when the credentials in the headers hold: from here on the body is wanted. */
  readonly openBody: () => PlacedBody;
  /** Called with the upload's standing whenever it rises. */
  readonly onStanding: (standing: Standing) => void;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** The questions that the form asks the rest of the upload while it is received. */
export interface FormQuestions {
  /**
   * Asked before the file is stored, when the credentials already hold.
   * @param before the text fields that come before the file
   * @throws SluiceError to refuse the upload
   */
  readonly beforeFile: (admitted: Admitted, before: ReadonlyMap<string, string>) => Promise<void>;
}

/** A whole form whose credentials hold. The values of its fields have not been checked. */
export interface AuthorisedForm extends ReceivedForm {
  readonly principal: Principal;
}

type FormNeeds = GateNeeds & Pick<UploadNeeds, "admission" | "spool">;

/**
 * An upload that comes as a form: admission, credentials, multipart. It owns the upload's place and its file in the
 * spool until it is released.
 */
export class UploadForm {
  readonly file: IncomingFile;
  readonly #needs: FormNeeds;
  readonly #request: FormRequest;
  readonly #questions: FormQuestions;
  readonly #place: UploadPlace;
  readonly #gate: Gate;

  private constructor(
    needs: FormNeeds,
    request: FormRequest,
    questions: FormQuestions,
    own: { readonly place: UploadPlace; readonly file: IncomingFile; readonly gate: Gate },
  ) {
    this.#needs = needs;
    this.#request = request;
    this.#questions = questions;
    this.#place = own.place;
    this.file = own.file;
    this.#gate = own.gate;
  }

  /** @throws SluiceError when the credentials in the headers don't hold: before the body is read */
  static async open(needs: FormNeeds, request: FormRequest, questions: FormQuestions): Promise<UploadForm> {
    const { client, signal, onStanding } = request;
    const { admission, config, spool } = needs;
    const place = new UploadPlace({ admission, client, signal, onStanding });
    const file = new IncomingFile(spool, config.fileSize, (bytes) => place.takeRoom(bytes));
    const gate = await openGate(needs, request, place, file);
    return new UploadForm(needs, request, questions, { place, file, gate });
  }

  /** The token that has been burnt for this upload, and for no other. */
  get token(): TokenKey | undefined {
    return this.#gate.token;
  }

  /** Reads the form to its end. @throws SluiceError for a form that is refused; ClientGone */
  async receive(): Promise<AuthorisedForm> {
    const gate = this.#gate;
    const source = { contentType: this.#request.contentType, body: this.#place.read(this.#request.openBody()) };
    const beforeFile = (before: ReadonlyMap<string, string>, { binary }: { readonly binary: boolean }) =>
      this.#beforeFile(gate.admitted, before, binary);
    const form = await receive(source, gate, this.file, this.#needs.config.limits, beforeFile);
    return { ...form, principal: gate.close() };
  }

  /**
   * Downloads the file that the form gives as a URL. Call this only for uploads that have been authorised and resolved:
   * nobody else may make this server connect to anything.
   * @throws SluiceError FILE_URL_NOT_ALLOWED, FILE_URL_UNREACHABLE, FILE_TOO_LARGE; ClientGone
   */
  async fetchFile(remoteUrl: string): Promise<void> {
    const { config, now } = this.#needs;
    const { arrivedAt, signal } = this.#request;
    const totalMs = arrivedAt + config.limits.requestMs - now();
    const rules = outboundRules(config);
    await receiveRemoteFile(remoteUrl, this.file, { rules, limits: config.limits, totalMs, signal });
  }

  /** Releases the place and discards the file. A second call does nothing. Never throws. */
  async release(): Promise<void> {
    await this.file.discard();
    this.#place.release();
  }

  async #beforeFile(admitted: Admitted | undefined, before: ReadonlyMap<string, string>, binary: boolean) {
    if (admitted === undefined) {
      // Places and space for files that nobody has vouched for are limited. Nothing more is read until some are free.
      await this.#place.enter();
      return;
    }
    await boundByRoom(this.#needs, admitted, this.file, binary ? this.#request.contentLength : undefined);
    await this.#questions.beforeFile(admitted, before);
  }
}
