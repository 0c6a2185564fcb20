import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { attemptHeader, attemptOf } from "../../../upload/outcome/attempt.ts";
import { checksumAlgorithms } from "../../../upload/resumable/checksum.ts";
import { Leases } from "../../../upload/resumable/leases.ts";
import { longestUpload } from "../../../upload/resumable/longest-upload.ts";
import type { ResumableNeeds } from "../../../upload/resumable/needs.ts";
import { RunningHashes } from "../../../upload/resumable/running-hashes.ts";
import { interrupted } from "../../../upload/resumable/session-request.ts";
import { digestOfSession, isSessionId, newSessionId } from "../../../upload/resumable/sessions/session-id.ts";
import type { speakTus as SpeakTus, TusMethod } from "../../../upload/resumable/tus/speak-tus.ts";
import type { TusWork } from "../../../upload/resumable/tus/tus-work.ts";
import { addRoute, asPlainJson } from "../../add-route.ts";
import { joinedHeader } from "../../joined-header.ts";
import { preflightHeaders, refuseOtherMethods } from "../../plugins/cors.ts";
import type { ResumableRoutesNeeds } from "./needs.ts";
import { serveSession } from "./serve-session.ts";
import { sendTusHeaders, tusVersion } from "./tus-headers.ts";

const collection = operations.createResumableUpload.path;
const single = operations.sendPiece.path;
/** The methods of each path, for `Allow`. */
const ofCollection = "POST, OPTIONS";
const ofSingle = "GET, HEAD, PATCH, DELETE, POST, OPTIONS";
const options = { config: { continuesItself: true }, exposeHeadRoute: false, ...asPlainJson } as const;

/** The time that pieces under way get when the server ends. What has come of them is kept. */
const maxPieceEndMs = 10_000;

/** Loads the protocol's implementation with the first request: a start would take a tenth longer with it. */
const speakTus: typeof SpeakTus = async (question, work) => {
  const { speakTus: speak } = await import("../../../upload/resumable/tus/speak-tus.ts");
  return speak(question, work);
};

/** Resumable uploads by the tus protocol (docs/protocol/resumable.md). */
export function resumableRoutes(services: ResumableRoutesNeeds): FastifyPluginAsync {
  return async (app) => {
    const needs = { ...services, leases: new Leases(services), hashes: new RunningHashes() };
    const { limits } = needs.config;
    sendTusHeaders(app);
    // The bytes are read as they come, whatever their type.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    // Most pieces end by themselves meanwhile. A longer one would be cut off, and its client would not be told.
    app.addHook("preClose", (done) => {
      const interrupt = () => needs.leases.interrupt(interrupted("This server is shutting down."));
      setTimeout(interrupt, Math.min(limits.shutdownMs / 2, maxPieceEndMs)).unref();
      done();
    });
    // A whole upload is stored even when its client has left, and nobody else waits for that.
    app.addHook("onClose", () => needs.leases.idle(limits.shutdownMs));

    const call = (method: TusMethod) => (request: FastifyRequest, reply: FastifyReply) =>
      method === "POST" ? create(needs, request, reply) : onSession(needs, method, request, reply);
    addRoute(app, operations.createResumableUpload, (request, reply) => overridden(call, request, reply), options);
    addRoute(app, operations.callResumableUpload, (request, reply) => overridden(call, request, reply), options);
    addRoute(app, operations.sendPiece, call("PATCH"), options);
    addRoute(app, operations.deleteResumableUpload, call("DELETE"), options);
    addRoute(app, operations.getResumableUpload, (request, reply) => show(needs, request, reply), options);
    app.route({ method: "HEAD", url: single, handler: call("HEAD") });
    for (const url of [collection, single]) {
      app.options(url, (request, reply) => describeProtocol(needs, request, reply));
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

async function create(needs: ResumableNeeds & ResumableRoutesNeeds, request: FastifyRequest, reply: FastifyReply) {
  const id = newSessionId();
  const digest = digestOfSession(id);
  const { lifetimeMs, headers } = questionOf(needs, request);
  const creation = () => ({
    authorization: headers.authorization,
    metadata: joinedHeader(headers["upload-metadata"]),
    requestId: request.id,
    attempt: attemptOf(headers[attemptHeader]),
    arrivedAt: Math.floor(needs.now() - reply.elapsedTime),
  });
  return serveSession(needs, { method: "POST", digest, creation }, request, reply, async (session, tools) => {
    assertVersion(request);
    const answer = await speakTus({ method: "POST", headers, name: undefined, lifetimeMs }, session);
    const { offset, length, state } = session.session;
    const location = `${needs.publicUrl()}${collection}/${id}`;
    const { "upload-offset": _told, ...told } = answer.headers;
    // An upload whose bytes have all come is told to be complete once it is stored.
    const isTold = tools.hasPiece && (state === "stored" || offset < length);
    return reply
      .code(answer.status)
      .headers({ ...told, location, ...(isTold && { "upload-offset": String(offset) }) })
      .send();
  });
}

async function onSession(
  needs: ResumableNeeds & ResumableRoutesNeeds,
  method: TusMethod,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const digest = digestOf(request);
  const { lifetimeMs, headers } = questionOf(needs, request);
  return serveSession(needs, { method, digest }, request, reply, async (session) => {
    assertVersion(request);
    const found = await session.find();
    const name = Buffer.from(digest).toString("hex");
    const answer = await speakTus({ method, headers, name, lifetimeMs }, session);
    reply.code(answer.status).headers(answer.headers);
    if (method === "HEAD" && found.metadata !== "") reply.header("upload-metadata", found.metadata);
    if (method === "HEAD") reply.header("upload-expires", new Date(found.expiresAt).toUTCString());
    return reply.send();
  });
}

async function show(needs: ResumableNeeds & ResumableRoutesNeeds, request: FastifyRequest, reply: FastifyReply) {
  const digest = digestOf(request);
  return serveSession(needs, { method: "GET", digest }, request, reply, async (session) => {
    const answer = await session.answer();
    if ("stored" in answer) return reply.code(200).send(answer.stored);
    return reply.code(202).header("retry-after", "1").send(answer.progress);
  });
}

async function describeProtocol(needs: ResumableRoutesNeeds, request: FastifyRequest, reply: FastifyReply) {
  const { limit: maxBytes } = longestUpload(needs);
  const { lifetimeMs, headers } = questionOf(needs, request);
  const question = { method: "OPTIONS", headers, name: undefined, lifetimeMs } as const;
  const { status, headers: told } = await speakTus(
    { ...question, ...(Number.isSafeInteger(maxBytes) && { maxBytes }) },
    noWork,
  );
  return reply
    .code(status)
    .headers(preflightHeaders(request, "POST, GET, HEAD, PATCH, DELETE, OPTIONS"))
    .headers({ ...told, "tus-checksum-algorithm": checksumAlgorithms })
    .send();
}

/** OPTIONS asks for no work. */
const noWork = {} as TusWork;

function questionOf({ config }: ResumableRoutesNeeds, { headers }: FastifyRequest) {
  return { lifetimeMs: config.limits.resumableSessionMs, headers };
}

/** @throws SluiceError TUS_VERSION_UNSUPPORTED */
function assertVersion({ headers }: FastifyRequest): void {
  if (headers["tus-resumable"] !== tusVersion) throw new SluiceError("TUS_VERSION_UNSUPPORTED");
}

function digestOf(request: FastifyRequest): Uint8Array {
  const { session = "" } = request.params as { readonly session?: string };
  // No session has the digest of another text.
  return isSessionId(session) ? digestOfSession(session) : new Uint8Array(32);
}
