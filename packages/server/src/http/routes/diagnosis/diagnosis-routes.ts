import { operations, TokenQuestion } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import type { RefusalBook } from "../../../refusals/refusal.ts";
import { assertKnownMembers, invalidParameter } from "../../../text/parameter.ts";
import { checkToken, type FormField, type TokenToCheck } from "../../../upload/token-check/check-token.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../../json-body.ts";
import type { NeedsOf } from "../../needs-of.ts";
import { type AuthNeeds, principalOfRequest, requireBasicAuth } from "../../plugins/basic-auth.ts";
import { refusalFilter } from "./refusal-filter.ts";

export type DiagnosisNeeds = AuthNeeds & NeedsOf<typeof checkToken> & { readonly refusals: Pick<RefusalBook, "of"> };

/** The routes that tell a developer why something was refused, or would be. No cache keeps their answers. */
export function diagnosisRoutes(services: DiagnosisNeeds): FastifyPluginAsync {
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
