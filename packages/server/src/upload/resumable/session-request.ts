import { SluiceError, type UploadResponse } from "@sluice/protocol";
import type { UploadProgress } from "@sluice/protocol/schemas";
import type { Principal } from "../../accounts/authenticate.ts";
import type { Slot } from "../../concurrency/fair-queue.ts";
import { findQueuedUpload } from "../../database/repositories/queued-uploads.ts";
import { findSession } from "../../database/repositories/upload-sessions.ts";
import type { AdmittedBody } from "../form/admission/upload-slot.ts";
import { beginSession } from "../steps.ts";
import { parseChecksum } from "./checksum.ts";
import type { ResumableDeps } from "./deps.ts";
import { removeSession } from "./end-session.ts";
import { finishSession } from "./finish-session.ts";
import { Lease } from "./lease.ts";
import type { Creation } from "./open-session.ts";
import { receivePiece, refuseInterrupted } from "./receive-piece.ts";
import { answerOfSession, RefusedUpload } from "./session-answer.ts";
import { principalOfSession } from "./session-credentials.ts";
import { isLengthDeferred, sessionOf, type UploadSession } from "./sessions/session.ts";
import { takeLength } from "./size-limits.ts";

export interface SessionRequestOptions {
  /** SHA-256 of the session's id. */
  readonly digest: Uint8Array;
  /** The description of the session by a request that creates it. */
  readonly creation?: Omit<Creation, "admit" | "client" | "digest" | "lease" | "length" | "onBurn">;
  /** Whether the request has bytes for the session. */
  readonly hasPiece: boolean;
  /** Whether the request has an upload stored of which all bytes have come. */
  readonly finishes: boolean;
  /** Bytes, when the client announces them. */
  readonly contentLength: number | undefined;
  /** The header Upload-Checksum. */
  readonly checksum: string | undefined;
  /** The client's network. */
  readonly client: string;
  /** Is told the account of the session that the request names. */
  readonly onAccount?: (accountId: string) => void;
  /** Called when the request's bytes are wanted. */
  readonly openBody: () => AdmittedBody;
  /** Called once the credentials or the session of the request are found valid. */
  readonly onAuthenticated: () => void;
  /** Aborted when nobody waits for the answer any more. Work that has begun on a whole upload goes on. */
  readonly signal: AbortSignal;
}

/** A session, as far as the tus protocol speaks of it. */
interface TusSession {
  /** Undefined while the client has not told it. */
  readonly length: number | undefined;
  readonly offset: number;
  /** The time in Unix milliseconds. */
  readonly expiresAt: number;
}

/** One request for one session. It owns its slot among the uploads, and the session's lease, until it is released. */
export class SessionRequest {
  readonly #deps: ResumableDeps;
  readonly #options: SessionRequestOptions;
  #principal: Principal | undefined;
  #session: UploadSession | undefined;
  #lease: Lease | undefined;
  #slot: Slot | undefined;
  #isFinal = false;
  #untold: unknown;

  constructor(deps: ResumableDeps, options: SessionRequestOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** Whether the request has bytes for the session. */
  get hasPiece(): boolean {
    return this.#options.hasPiece;
  }

  /** Whether the request has used up a token, or its upload is refused for good. Then no answer may invite a retry. */
  get isFinal(): boolean {
    return this.#isFinal || (this.#lease?.session ?? this.#session)?.state === "refused";
  }

  /** The failure of a creation's first piece. The answer tells of it only by the offset. */
  get untold(): unknown {
    return this.#untold;
  }

  /** The session as the request last saw it. */
  get session(): UploadSession {
    const session = this.#lease?.session ?? this.#session;
    if (session === undefined) throw new Error("the request has found no session");
    return session;
  }

  /** Finds the session that the request names. @throws SluiceError UPLOAD_SESSION_NOT_FOUND, UPLOAD_SESSION_ENDED */
  async find(): Promise<UploadSession> {
    const { database, now } = this.#deps;
    const row = await findSession(database.reader, { digest: this.#options.digest, now: now() });
    if (row === undefined || row.state === "ending") throw new SluiceError("UPLOAD_SESSION_NOT_FOUND");
    const session = sessionOf(row);
    // A job may take longer than a session lasts, and its end is what the client waits for.
    const waits = session.state === "stored" && session.answer === undefined;
    if (row.is_expired === 1 && row.is_held === 0 && !waits) throw new SluiceError("UPLOAD_SESSION_ENDED");
    this.#options.onAccount?.(session.accountId);
    this.#principal ??= await principalOfSession(this.#deps, session);
    this.#session = session;
    return session;
  }

  /**
   * The answer of the upload; its progress while it has none.
   * @throws RefusedUpload, SluiceError
   */
  async answer(): Promise<{ readonly stored: UploadResponse } | { readonly progress: UploadProgress }> {
    const found = await this.find();
    // Whoever asks about a whole upload that nobody has stored yet has it stored.
    if (found.state === "open" && found.offset === found.length) await this.#finishIfFree();
    let { session } = this;
    if (session.state === "stored" && session.answer === undefined) {
      if (await this.#isQueued(session)) return { progress: progressOf(session) };
      session = await this.find();
    }
    if (session.refusal !== undefined) throw new RefusedUpload(session.refusal);
    if (session.state === "open") return { progress: progressOf(session) };
    const { signal } = this.#options;
    return { stored: await answerOfSession(this.#deps, this.#known, session, signal) };
  }

  /** Whether a job makes the file. */
  async #isQueued({ accountId, versionId }: UploadSession): Promise<boolean> {
    const { reader } = this.#deps.database;
    return versionId !== undefined && (await findQueuedUpload(reader, accountId, versionId)) !== undefined;
  }

  /** Creates the session. @param length undefined if the client tells it later */
  async create(length: number | undefined): Promise<void> {
    const { creation, digest, client, hasPiece } = this.#options;
    if (creation === undefined) throw new Error("the request creates no session");
    parseChecksum(this.#options.checksum);
    const lease = hasPiece ? this.#deps.leases.newHolder() : undefined;
    const { principal, session, startedAt } = await beginSession(this.#deps, {
      ...creation,
      digest,
      client,
      length,
      lease,
      admit: (accountId) => this.#admit(accountId),
      onBurn: () => {
        this.#isFinal = true;
      },
    });
    this.#principal = principal;
    this.#session = session;
    if (lease !== undefined) this.#lease = this.#deps.leases.adopt(session, lease.holder, startedAt);
  }

  /** Takes the session for this request alone, unless the upload has ended. */
  async lock(): Promise<void> {
    const { creation, digest, hasPiece, finishes, signal } = this.#options;
    if (creation !== undefined) return;
    const { session } = this;
    if (session.state !== "open") return;
    if (hasPiece || (finishes && isWhole(session))) await this.#admit(session.accountId);
    const taken = await this.#deps.leases.take(digest, signal);
    if (taken instanceof Lease) this.#lease = taken;
    else this.#session = taken;
  }

  async unlock(): Promise<void> {
    if (this.#lease === undefined) return;
    this.#session = this.#lease.session;
    await this.#lease.release();
    this.#lease = undefined;
  }

  /** The session as tus speaks of it. An upload of which all bytes have come is stored before. @throws RefusedUpload */
  async look(): Promise<TusSession> {
    const lease = this.#lease;
    if (lease !== undefined && isWhole(lease.session)) {
      this.#admitNow(lease.session.accountId);
      await this.#finish(lease);
    }
    const { session } = this;
    const { state, refusal, length, offset, expiresAt } = session;
    if (refusal !== undefined) throw new RefusedUpload(refusal);
    if (isLengthDeferred(session)) return { length: undefined, offset, expiresAt };
    return { length, offset: state === "stored" ? length : offset, expiresAt };
  }

  /** Takes the length of the file, which the request tells. It may come again, and never changes. */
  async tellLength(length: number): Promise<void> {
    const lease = this.#lease;
    if (lease !== undefined && isLengthDeferred(lease.session))
      await takeLength(this.#deps, lease, this.#known, length);
    else if (length !== this.session.length) {
      const problem = "The upload has another length by now, which never changes.";
      throw new SluiceError("TUS_HEADER_INVALID", { header: "Upload-Length", problem });
    }
  }

  /** Takes the request's bytes. @returns the new offset */
  async write(): Promise<number> {
    const lease = this.#lease;
    // The upload is stored. A client that did not hear of that asks once more, with no bytes.
    if (lease === undefined) return this.session.length;
    const { creation, checksum, contentLength, openBody } = this.#options;
    try {
      const piece = { principal: this.#known, body: openBody(), contentLength, checksum: parseChecksum(checksum) };
      await receivePiece(this.#deps, lease, piece).catch(refuseInterrupted);
      if (isWhole(lease.session)) await this.#finish(lease);
    } catch (error) {
      // The session is there, and its address is not to be lost with its first bytes.
      if (creation === undefined || lease.session.state === "refused") throw error;
      this.#untold = error;
    }
    return lease.session.offset;
  }

  async remove(): Promise<void> {
    const lease = this.#lease;
    await removeSession(this.#deps, this.#options.digest, lease?.holder);
    lease?.drop();
  }

  /** Gives back what the request has taken. A second call does nothing. Never throws. */
  async release(): Promise<void> {
    await this.unlock();
    this.#slot?.release();
  }

  get #known(): Principal {
    if (this.#principal === undefined) throw new Error("the request has found no principal");
    return this.#principal;
  }

  async #admit(account: string): Promise<void> {
    const { client, onAuthenticated, signal } = this.#options;
    this.#slot = await this.#deps.admission.authenticated.take({ account, client }, signal);
    onAuthenticated();
  }

  /**
   * Takes a slot for an upload that has become whole while the request waited for it. It waits no longer: who holds a
   * lease never waits for a slot, because those who have slots wait for leases.
   * @throws SluiceError SERVER_BUSY
   */
  #admitNow(account: string): void {
    this.#slot ??= this.#deps.admission.authenticated.tryTake({ account, client: this.#options.client });
    if (this.#slot === undefined) throw new SluiceError("SERVER_BUSY");
  }

  #finish(lease: Lease): Promise<void> {
    return finishSession(this.#deps, lease, { queue: this.#deps.admission.finishing });
  }

  async #finishIfFree(): Promise<void> {
    try {
      await this.lock();
      await this.look();
    } catch (error) {
      if (!(error instanceof SluiceError) || error.reason !== "UPLOAD_SESSION_BUSY") throw error;
    } finally {
      await this.unlock();
    }
  }
}

function progressOf(session: UploadSession): UploadProgress {
  const { offset, length } = session;
  return isLengthDeferred(session) ? { offset } : { offset, length };
}

/** Whether all bytes have come and the upload is not stored yet. */
function isWhole({ state, offset, length }: UploadSession): boolean {
  return state === "open" && offset === length;
}
