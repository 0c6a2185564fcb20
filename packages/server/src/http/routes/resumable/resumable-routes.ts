import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { attemptHeader, attemptOf } from "../../../upload/outcome/ask-outcome.ts";
import type { ResumableDeps } from "../../../upload/resumable/deps.ts";
import { Leases } from "../../../upload/resumable/leases.ts";
import { interrupted } from "../../../upload/resumable/receive-piece.ts";
import { RunningHashes } from "../../../upload/resumable/running-hashes.ts";
import { digestOfSession, isSessionId, newSessionId } from "../../../upload/resumable/sessions/session.ts";
import { longestUpload } from "../../../upload/resumable/size-limits.ts";
import { addRoute, asPlainJson } from "../../add-route.ts";
import { preflightHeaders, refuseOtherMethods } from "../../plugins/cors.ts";
import { type ResumableRoutesDeps, serveSession } from "./serve-session.ts";
import { assertVersion, describeTus, joinedHeader, sendTusHeaders, serveTus, type TusMethod } from "./tus.ts";

const collection = operations.createResumableUpload.path;
const single = operations.sendPiece.path;
/** The methods of each path, for `Allow`. */
const ofCollection = "POST, OPTIONS";
const ofSingle = "GET, HEAD, PATCH, DELETE, POST, OPTIONS";
const options = { config: { continuesItself: true }, exposeHeadRoute: false, ...asPlainJson } as const;

/** The time that pieces under way get when the server ends. What has come of them is kept. */
const maxPieceEndMs = 10_000;

/** Resumable uploads by the tus protocol (docs/protocol/resumable.md). */
export function resumableRoutes(services: ResumableRoutesDeps): FastifyPluginAsync {
  return async (app) => {
    const deps = { ...services, leases: new Leases(services), hashes: new RunningHashes() };
    const { limits } = deps.config;
    sendTusHeaders(app);
    // The bytes are read as they come, whatever their type.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    // Most pieces end by themselves meanwhile. A longer one would be cut off, and its client would not be told.
    app.addHook("preClose", (done) => {
      const interrupt = () => deps.leases.interrupt(interrupted("This server is shutting down."));
      setTimeout(interrupt, Math.min(limits.shutdownMs / 2, maxPieceEndMs)).unref();
      done();
    });
    // A whole upload is stored even when its client has left, and nobody else waits for that.
    app.addHook("onClose", () => deps.leases.idle(limits.shutdownMs));

    const call = (method: TusMethod) => (request: FastifyRequest, reply: FastifyReply) =>
      method === "POST" ? create(deps, request, reply) : onSession(deps, method, request, reply);
    addRoute(app, operations.createResumableUpload, (request, reply) => overridden(call, request, reply), options);
    addRoute(app, operations.callResumableUpload, (request, reply) => overridden(call, request, reply), options);
    addRoute(app, operations.sendPiece, call("PATCH"), options);
    addRoute(app, operations.deleteResumableUpload, call("DELETE"), options);
    addRoute(app, operations.getResumableUpload, (request, reply) => show(deps, request, reply), options);
    app.route({ method: "HEAD", url: single, handler: call("HEAD") });
    for (const url of [collection, single]) {
      app.options(url, (request, reply) => describeProtocol(deps, request, reply));
    }
    refuseOtherMethods(app, collection, ["GET", "HEAD", "PUT", "PATCH", "DELETE"], ofCollection);
    refuseOtherMethods(app, single, ["PUT"], ofSingle);
  };
}

type Call = (method: TusMethod) => (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Serves the method that a client means which can only POST. */
function overridden(call: Call, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { session } = request.params as { readonly session?: string };
  const meant = request.headers["x-http-method-override"] ?? "POST";
  const allowed = session === undefined ? ["POST"] : ["PATCH", "HEAD", "DELETE"];
  if (typeof meant === "string" && allowed.includes(meant)) return call(meant as TusMethod)(request, reply);
  reply.header("allow", session === undefined ? ofCollection : ofSingle);
  throw new SluiceError("METHOD_NOT_ALLOWED", { allowed: `${allowed.join(", ")} as X-HTTP-Method-Override` });
}

async function create(deps: ResumableDeps & ResumableRoutesDeps, request: FastifyRequest, reply: FastifyReply) {
  const id = newSessionId();
  const digest = digestOfSession(id);
  const creation = () => ({
    authorization: request.headers.authorization,
    metadata: joinedHeader(request.headers["upload-metadata"]),
    requestId: request.id,
    attempt: attemptOf(request.headers[attemptHeader]),
    arrivedAt: Math.floor(deps.now() - reply.elapsedTime),
  });
  return serveSession(deps, { method: "POST", digest, creation }, request, reply, async (session) => {
    assertVersion(request.headers);
    const told = await serveTus("POST", request.headers, session);
    const { offset, length, state } = session.session;
    const location = `${deps.publicUrl()}${collection}/${id}`;
    // An upload whose bytes have all come is told to be complete once it is stored.
    const isTold = session.hasPiece && (state === "stored" || offset < length);
    const headers = { ...told.headers, location, ...(isTold && { "upload-offset": String(offset) }) };
    return { status: told.status, headers };
  });
}

async function onSession(
  deps: ResumableDeps & ResumableRoutesDeps,
  method: TusMethod,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const digest = digestOf(request);
  return serveSession(deps, { method, digest }, request, reply, async (session) => {
    assertVersion(request.headers);
    await session.find();
    return serveTus(method, request.headers, session);
  });
}

async function show(deps: ResumableDeps & ResumableRoutesDeps, request: FastifyRequest, reply: FastifyReply) {
  const digest = digestOf(request);
  return serveSession(deps, { method: "GET", digest }, request, reply, async (session) => {
    const answer = await session.answer();
    if ("stored" in answer) return { status: 200, body: answer.stored };
    return { status: 202, headers: { "retry-after": "1" }, body: answer.progress };
  });
}

async function describeProtocol(deps: ResumableRoutesDeps, request: FastifyRequest, reply: FastifyReply) {
  return reply
    .code(204)
    .headers(preflightHeaders(request, "POST, GET, HEAD, PATCH, DELETE, OPTIONS"))
    .headers(describeTus(longestUpload(deps).limit))
    .send();
}

function digestOf(request: FastifyRequest): Uint8Array {
  const { session = "" } = request.params as { readonly session?: string };
  // No session has the digest of another text.
  return isSessionId(session) ? digestOfSession(session) : new Uint8Array(32);
}
