import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { describeSession, describeSessions } from "../../../console/describe-session.ts";
import { addRoute } from "../../add-route.ts";
import { keepBodiesRaw } from "../../json-body.ts";
import { type AuthNeeds, principalOfRequest, requireBasicAuth } from "../../plugins/basic-auth.ts";
import { cookieName, setCookie } from "../../plugins/console-cookie.ts";
import { assertFromConsole } from "../../plugins/console-request.ts";
import { sessionOf, signedInSessionOf } from "../../plugins/console-session.ts";
import { addConsoleApp, type ConsoleAppNeeds } from "./console-app.ts";
import { addMintToken, type MintTokenNeeds } from "./mint-token.ts";
import { addSignIn, type SignInRouteNeeds } from "./sign-in.ts";

export type ConsoleRoutesNeeds = AuthNeeds & ConsoleAppNeeds & SignInRouteNeeds & MintTokenNeeds;

/** The console and its sessions. No cache keeps what is said of a session. */
export function consoleRoutes(needs: ConsoleRoutesNeeds): FastifyPluginAsync {
  const { door } = needs;
  return async (app) => {
    if (door === undefined) return;
    addConsoleApp(app, needs);
    app.register(async (outside) => {
      keepBodiesRaw(outside);
      keepNoAnswer(outside);
      addSignIn(outside, needs, door);
    });
    app.register(async (inside) => {
      keepBodiesRaw(inside);
      keepNoAnswer(inside);
      requireBasicAuth(inside, needs);
      addRoute(inside, operations.getConsoleSession, async (request) =>
        describeSession(needs, signedInSessionOf(request)),
      );
      addRoute(inside, operations.signOutOfConsole, async (request, reply) => {
        const place = assertFromConsole(request, door.config);
        const { row, principal } = signedInSessionOf(request);
        await door.database.run("endConsoleSession", { accountId: principal.accountId, id: row.session_id });
        const forgotten = setCookie(await cookieName(door, place), "", place, 0);
        return reply.code(204).header("set-cookie", forgotten).send();
      });
      addRoute(inside, operations.listConsoleSessions, (request) => {
        const current = sessionOf(request)?.row.session_id;
        return describeSessions(door, principalOfRequest(request).accountId, current);
      });
      addRoute(inside, operations.endConsoleSession, async (request, reply) => {
        const { accountId } = principalOfRequest(request);
        const ended = await door.database.run("endConsoleSession", { accountId, id: request.params.id });
        if (!ended) throw new SluiceError("CONSOLE_SESSION_NOT_FOUND");
        return reply.code(204).send();
      });
      addMintToken(inside, needs);
    });
  };
}

function keepNoAnswer(app: FastifyInstance): void {
  app.addHook("onSend", async (_request, reply) => void reply.header("cache-control", "no-store"));
}
