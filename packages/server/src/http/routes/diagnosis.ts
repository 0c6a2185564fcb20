import { operations, type RefusalObject, RefusalQuery, refusalKinds, TokenQuestion } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import type { Refusal, RefusalBook } from "../../refusals/refusal.ts";
import { assertKnownMembers, invalidParameter, parseLimit } from "../../text/parameter.ts";
import type { FormField } from "../../upload/token-check/check-token.ts";
import { checkToken, type TokenToCheck } from "../../upload/token-check/check-token.ts";
import { addRoute, type DepsOf } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";

type DiagnosisDeps = AuthDeps & DepsOf<typeof checkToken> & { readonly refusals: Pick<RefusalBook, "of"> };

/** The routes that tell a developer why something was refused, or would be. No cache keeps their answers. */
export function diagnosisRoutes(services: DiagnosisDeps): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    app.addHook("onSend", async (_request, reply) => void reply.header("cache-control", "no-store"));
    addRoute(app, operations.listRefusals, async (request) => {
      const filter = refusalFilter(request.query);
      const { refusals, ...asked } = await services.refusals.of(principalOfRequest(request).accountId);
      return { refusals: filter(refusals), asked };
    });
    addRoute(app, operations.checkToken, async (request) =>
      checkToken(services, principalOfRequest(request), questionIn(jsonObjectOf(request.body))),
    );
  };
}

const limits = { standard: 100, max: 500 } as const;

/**
 * Reads which refusals are asked for.
 * @returns a function that picks them from all of an account's
 * @throws SluiceError PARAMETER_INVALID
 */
function refusalFilter(query: Readonly<Record<string, unknown>>): (refusals: readonly Refusal[]) => RefusalObject[] {
  assertKnownMembers(query, Object.keys(RefusalQuery.properties));
  const [requestId, reason, kind] = (["requestId", "reason", "kind"] as const).map((name) => textIn(query, name));
  if (kind !== undefined && !refusalKinds.some((known) => known === kind)) {
    throw invalidParameter("kind", `Send one of ${refusalKinds.join(", ")}.`);
  }
  const limit = parseLimit(textIn(query, "limit"), limits);
  const isAsked = (refusal: Refusal): boolean =>
    (requestId === undefined || refusal.requestId === requestId) &&
    (reason === undefined || refusal.reason === reason) &&
    (kind === undefined || refusal.kind === kind);
  return (refusals) => refusals.filter(isAsked).slice(0, limit).map(objectOf);
}

function textIn(query: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === "") return undefined;
  if (typeof value !== "string") throw invalidParameter(name, "Send it once.");
  return value;
}

function objectOf({ at, isProven, ...refusal }: Refusal): RefusalObject {
  return { at: new Date(at).toISOString(), ...refusal, proven: isProven };
}

function questionIn(body: Readonly<Record<string, unknown>>): TokenToCheck {
  assertKnownMembers(body, Object.keys(TokenQuestion.properties));
  const { token, form } = body;
  if (typeof token !== "string") throw invalidParameter("token", "Send the token as a string.");
  return { token: token.trim(), form: form === undefined ? undefined : fieldsIn(form) };
}

function fieldsIn(form: unknown): FormField[] {
  const problem = "Send an array of objects with name and value, which are strings.";
  if (!Array.isArray(form)) throw invalidParameter("form", problem);
  return form.map((field: unknown) => {
    const { name, value } = (field ?? {}) as { readonly name?: unknown; readonly value?: unknown };
    if (typeof name !== "string" || typeof value !== "string") throw invalidParameter("form", problem);
    return [name, value] as const;
  });
}
