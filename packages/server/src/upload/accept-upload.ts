import { SluiceError, type UploadResponse } from "@sluice/protocol";
import type { Services } from "../app/services.ts";
import { eventContextOf } from "../events/event-context.ts";
import { awaitExtensions, firstStatuses } from "../extensions/await-extensions.ts";
import { resolveExtensions } from "../extensions/resolve-extensions.ts";
import { IncomingFile } from "../library/content/incoming-file.ts";
import { assertRoom } from "../library/content/storage-room.ts";
import { clientNetwork } from "../network/client-network.ts";
import { outboundRules } from "../network/outbound-rules.ts";
import type { SpaceNeeded } from "../storage/free-space.ts";
import { StorageError } from "../storage/storage-error.ts";
import { checkBeforeFile, checkRequest, type UploadChecks } from "./check.ts";
import { commit } from "./commit.ts";
import { fieldsOnce, resolveCustomMetadata } from "./custom-metadata.ts";
import { describe } from "./describe.ts";
import { type PlacedBody, type Standing, UploadPlace } from "./form/admission/upload-place.ts";
import { type GateRequest, openGate } from "./form/authorise/open-gate.ts";
import { boundByRoom } from "./form/bound-by-room.ts";
import { receive } from "./form/receive/receive.ts";
import { receiveRemoteFile } from "./form/receive/remote-file.ts";
import { inspect } from "./inspect.ts";
import { giveUp } from "./outcome/give-up.ts";
import { keepLastAnswer } from "./outcome/keep-last-answer.ts";
import { type PreparedFile, prepare } from "./prepare/prepare.ts";
import { type FindNames, readPre } from "./prepare/read-pre.ts";
import { respond } from "./respond.ts";
import { validate } from "./validate.ts";

export interface UploadAttempt extends GateRequest {
  readonly contentType: string | undefined;
  /** Bytes, where the client says it. */
  readonly contentLength: number | undefined;
  /** The client's, as far as the proxies can be trusted. */
  readonly address: string;
  /** Called when the credentials that came with the headers hold: from here on the body is wanted. */
  readonly openBody: () => PlacedBody;
  /** Told what the upload is taken for, as that rises. */
  readonly onStanding: (standing: Standing) => void;
  /** What the answer calls it, and the events of its transformations. */
  readonly requestId: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/**
 * The path that everything else exists around, step by step (docs/architecture.md §1).
 * @throws SluiceError for a refusal, ClientGone when the client left; nothing is left behind then
 */
export async function acceptUpload(services: Services, attempt: UploadAttempt): Promise<UploadResponse> {
  const { config, spool, publicUrl } = services;
  const { signal, onStanding } = attempt;
  const network = clientNetwork(attempt.address);
  const place = new UploadPlace({ admission: services.admission, client: network, signal, onStanding });
  const file = new IncomingFile(spool, config.fileSize, (bytes) => place.takeRoom(bytes));
  const gate = await openGate(services, attempt, place, () => spaceNeeded(attempt, file));
  const fieldsOf = fieldsOnce(services.customFields);
  let checks: UploadChecks | undefined;
  let ended: (() => void) | undefined;
  let prepared: PreparedFile | undefined;
  const letGo = async (): Promise<void> => {
    await prepared?.discard();
    await file.discard();
    place.release();
  };
  try {
    const source = { contentType: attempt.contentType, body: place.read(attempt.openBody()) };
    const { fields, remoteUrl } = await receive(source, gate, file, config.limits, async (before, { binary }) => {
      if (gate.admitted !== undefined) {
        await boundByRoom(services, gate.admitted, file, binary ? attempt.contentLength : undefined);
        checks = await checkBeforeFile(fieldsOf, gate.admitted, before);
        return;
      }
      // Places and space for files that nobody has vouched for are limited; until there are some, nothing more is read.
      await place.enter();
    });
    const principal = gate.close();
    services.unknownParameters.warn(fields.keys(), attempt.requestId);
    const { token } = gate;
    ended = token && services.uploadsUnderWay.begin(token.digest);
    if (file.excess !== undefined) throw file.excess;
    // A token's claims are the form's fields, word by word.
    const request = checks?.request ?? validate(fields);
    const findNames: FindNames = (names) => services.namedTransformations.of(principal.accountId, names);
    const pre = request.transformation && (await readPre(request.transformation, findNames));
    const plan = await resolveExtensions(services, {
      principal,
      extensions: request.extensions,
      webhookUrl: request.webhookUrl,
      fields: () => fieldsOf(principal.accountId),
    });
    const custom = await resolveCustomMetadata(fieldsOf, principal, request);
    const { customMetadata } = custom;
    const checkFile = await checkRequest(fieldsOf, principal, request, customMetadata, checks);
    if (remoteUrl !== undefined) {
      const totalMs = attempt.arrivedAt + config.limits.requestMs - services.now();
      await receiveRemoteFile(remoteUrl, file, {
        rules: outboundRules(config),
        limits: config.limits,
        totalMs,
        signal,
      });
    }
    const received = await file.finish();
    if (received === undefined) throw new SluiceError("FILE_MISSING");
    await services.scanner.scan(received, signal);
    const facts = await inspect({ ...received, head: file.head }, request, config.fileSize, signal);
    const party = { account: principal.accountId, client: network };
    const toPrepare = { party, request, pre, spooled: received, media: facts };
    prepared = await prepare(services, toPrepare, signal);
    const { spooled, media } = prepared;
    if (spooled !== received) await services.scanner.scan(spooled, signal);
    checkFile({ size: spooled.size, media });
    await assertRoom(services, principal, spooled.size);
    const metadata = await describe(services, request, prepared, party, signal);
    const answer = { publicUrl: publicUrl(), imagekitId: principal.imagekitId, fields: custom.fields, metadata };
    const events = eventContextOf(principal, answer.publicUrl);
    const { responseFields, transformation } = request;
    const first = { ...answer, ...(plan && { extensionStatus: firstStatuses(plan) }) };
    const origin = transformation && {
      ...first,
      responseFields,
      transformation,
      requestId: attempt.requestId,
    };
    const extensions = plan?.runs ?? [];
    const toCommit = { principal, request, media, spooled, customMetadata, extensions, origin, events };
    const upload = { ...toCommit, token, answer: first };
    const committed = await commit(services, upload, signal);
    services.metrics.uploadBytes.inc(committed.size);
    // Others need not wait behind an extension.
    if (plan !== undefined) await letGo();
    const { asset, extensionStatus } = await awaitExtensions(services, plan, committed, signal);
    const last = { ...answer, extensionStatus };
    if (token !== undefined) await keepLastAnswer(services, token, { asset, responseFields, first, last });
    return respond(asset, responseFields, last);
  } catch (error) {
    // Those behind are not to burn their tokens for nothing.
    if (error instanceof StorageError) services.freeSpace.distrust();
    if (gate.token !== undefined) giveUp(services, gate.token);
    throw error;
  } finally {
    await letGo();
    ended?.();
  }
}

/** A body without a length is taken for as long as what has come of its file; more than a file may have is never stored. */
function spaceNeeded({ contentLength }: UploadAttempt, file: IncomingFile): SpaceNeeded {
  const whole = Math.min(contentLength ?? file.size, file.largest);
  return { spool: Math.max(whole - file.size, 0), blobs: whole };
}
