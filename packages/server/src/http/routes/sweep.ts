import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import type { BlobPosition } from "../../database/repositories/blobs.ts";
import { releaseContents } from "../../maintenance/sweep-blobs.ts";
import { assertKnownMembers, invalidParameter } from "../../text/parameter.ts";
import { addRoute, type DepsOf } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { whileConnected } from "../while-connected.ts";

type SweepDeps = AuthDeps & DepsOf<typeof releaseContents>;

/** A request works about so long. Then the client asks for more, and sees how far it is. */
const maxMs = 4000;

/** Removes contents of the account's deleted files at once (docs/operate/disk-full.md). */
export function sweepRoute(services: SweepDeps): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.sweepContents, (request, reply) => {
      const { accountId } = principalOfRequest(request);
      const after = parseCursor(accountId, jsonObjectOf(request.body));
      return whileConnected(reply, async (signal) => {
        const released = await releaseContents(services, { accountId, after, maxMs }, signal);
        const { contents, bytes, heldUntil, next } = released;
        return reply.header("cache-control", "no-store").send({
          contents,
          bytes,
          heldUntil: heldUntil === undefined ? null : new Date(heldUntil).toISOString(),
          nextCursor: next === undefined ? null : Buffer.from(next.sha256).toString("base64url"),
        });
      });
    });
  };
}

/** A cursor is the hash of the content that was looked at last. */
function parseCursor(accountId: string, body: Readonly<Record<string, unknown>>): BlobPosition | undefined {
  assertKnownMembers(body, ["cursor"]);
  const { cursor } = body;
  if (cursor === undefined) return undefined;
  if (typeof cursor !== "string" || !/^[\w-]{43}$/.test(cursor)) {
    throw invalidParameter("cursor", "Send the nextCursor of the answer before.");
  }
  return { accountId, sha256: new Uint8Array(Buffer.from(cursor, "base64url")) };
}
