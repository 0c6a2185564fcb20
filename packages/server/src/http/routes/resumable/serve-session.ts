import type { FastifyReply, FastifyRequest } from "fastify";
import { clientNetwork } from "../../../network/client-network.ts";
import type { BodyReader } from "../../../upload/form/receive/body-reader.ts";
import type { ResumableNeeds } from "../../../upload/resumable/needs.ts";
import { SessionRequest, type SessionRequestOptions } from "../../../upload/resumable/session-request.ts";
import { expectsBody } from "../../expects-body.ts";
import { joinedHeader } from "../../joined-header.ts";
import { noteAccount } from "../../noted-refusals.ts";
import { contentLengthOf, openBody } from "../../open-body.ts";
import { raisePriority } from "../../plugins/bound-connections.ts";
import type { ResumableRoutesNeeds } from "./needs.ts";
import { noteUntold, refuseRequest } from "./refuse-request.ts";

interface Asked {
  /** The method that the request means. */
  readonly method: string;
  readonly digest: Uint8Array;
  readonly creation?: () => NonNullable<SessionRequestOptions["creation"]>;
}

interface RequestTools {
  /** Whether the request has bytes for the session. */
  readonly hasPiece: boolean;
}

/** Serves a request by a session's work, and gives back what the request has taken, whatever becomes of it. */
export async function serveSession(
  needs: ResumableNeeds & ResumableRoutesNeeds,
  { method, digest, creation }: Asked,
  request: FastifyRequest,
  reply: FastifyReply,
  serve: (session: SessionRequest, tools: RequestTools) => Promise<FastifyReply>,
): Promise<FastifyReply> {
  const { metrics } = needs;
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  request.raw.socket.once("close", onClose);
  const hasPiece = method === "PATCH" || (method === "POST" && isPiece(request));
  let body: BodyReader | undefined;
  let session: SessionRequest | undefined;
  try {
    const onAccount = (id: string, isProven: boolean) => noteAccount(request, id, isProven);
    session = new SessionRequest(
      { ...needs, accountsByKey: needs.accountsByKey.telling(onAccount) },
      {
        // The address of the session is its credential.
        onAccount: (id) => onAccount(id, true),
        digest,
        ...(creation && { creation: creation() }),
        hasPiece,
        finishes: method !== "DELETE",
        contentLength: contentLengthOf(request),
        checksum: joinedHeader(request.headers["upload-checksum"]),
        client: clientNetwork(request.ip),
        openBody: () => {
          body = openBody(needs.config.limits, request, reply);
          return body;
        },
        onAuthenticated: () => raisePriority(request.raw, "authenticated"),
        signal: gone.signal,
      },
    );
    await serve(session, { hasPiece });
    const { untold } = session;
    if (body !== undefined) {
      metrics.pieces.inc({ outcome: untold === undefined ? "taken" : noteUntold(untold, request) });
    }
  } catch (thrown) {
    // Detached before the answer is sent, because the answer's plugin reads the rest of the body.
    body?.detach();
    const isFinal = session?.isFinal === true;
    const reason = refuseRequest(thrown, { method, isFinal }, request, reply);
    if (body !== undefined) metrics.pieces.inc({ outcome: reason });
    else if (method === "POST") metrics.uploads.inc({ outcome: reason });
  } finally {
    body?.detach();
    if (body !== undefined) metrics.pieceBytes.inc(body.bytesRead);
    request.raw.socket.off("close", onClose);
    await session?.release();
  }
  return reply;
}

/** Whether the request that creates a session has its first bytes. */
function isPiece({ headers, raw }: FastifyRequest): boolean {
  return headers["content-type"] === "application/offset+octet-stream" && expectsBody(raw);
}
