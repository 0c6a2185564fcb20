import { KeyPairRotation, NewKeyPair, operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import type { KeyPairFacts } from "../../accounts/account-transactions.ts";
import { keyNameIn, keyNameRule } from "../../accounts/key-pair.ts";
import { isKeyRole, keyRoles } from "../../accounts/key-roles.ts";
import {
  addKeyPairWith,
  type KeyPairDeps,
  listKeyPairs,
  revokePair,
  rotatePair,
} from "../../accounts/manage-key-pairs.ts";
import { invalidParameter, unknownParameter } from "../../text/parameter.ts";
import { addRoute } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";

type KeyPairsRoutesDeps = AuthDeps & KeyPairDeps;

const hourMs = 60 * 60 * 1000;
const graces = [0, 1, 24, 72, 168];

/** The account's key pairs, for whoever has one with the role full. An answer with a private key is kept by no cache. */
export function keyPairsRoutes(services: KeyPairsRoutesDeps): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    app.addHook("onSend", async (_request, reply) => void reply.header("cache-control", "no-store"));
    addRoute(app, operations.listKeyPairs, (request) => listKeyPairs(services, principalOfRequest(request).accountId));
    addRoute(app, operations.createKeyPair, async (request, reply) => {
      const facts = factsIn(jsonObjectOf(request.body));
      return reply.code(201).send(await addKeyPairWith(services, principalOfRequest(request).accountId, facts));
    });
    addRoute(app, operations.rotateKeyPair, async (request, reply) => {
      const graceMs = graceIn(jsonObjectOf(request.body));
      const { accountId } = principalOfRequest(request);
      return reply.code(201).send(await rotatePair(services, accountId, request.params.id, graceMs));
    });
    addRoute(app, operations.revokeKeyPair, async (request, reply) => {
      await revokePair(services, principalOfRequest(request).accountId, request.params.id);
      return reply.code(204).send();
    });
  };
}

function factsIn({ role, mayOverwrite = false, name, ...others }: Readonly<Record<string, unknown>>): KeyPairFacts {
  for (const other of Object.keys(others)) throw unknownParameter(other, Object.keys(NewKeyPair.properties));
  if (typeof role !== "string" || !isKeyRole(role)) {
    throw invalidParameter("role", `Send one of ${Object.keys(keyRoles).join(", ")}.`);
  }
  if (typeof mayOverwrite !== "boolean") throw invalidParameter("mayOverwrite", "Send true or false.");
  if (mayOverwrite && role !== "upload") throw invalidParameter("mayOverwrite", "It goes with the role upload alone.");
  const kept = typeof name === "string" ? keyNameIn(name) : undefined;
  if (name !== undefined && kept === undefined) throw invalidParameter("name", `Send ${keyNameRule}.`);
  return { role, mayOverwrite: role === "full" || mayOverwrite, ...(kept !== undefined && { name: kept }) };
}

/** @returns milliseconds */
function graceIn({ graceHours = 24, ...others }: Readonly<Record<string, unknown>>): number {
  for (const name of Object.keys(others)) throw unknownParameter(name, Object.keys(KeyPairRotation.properties));
  if (typeof graceHours !== "number" || !graces.includes(graceHours)) {
    throw invalidParameter("graceHours", `Send one of ${graces.join(", ")}.`);
  }
  return graceHours * hourMs;
}
