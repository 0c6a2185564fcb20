import { SluiceError } from "@sluice/protocol";
import { ConsoleSignIn, operations } from "@sluice/protocol/schemas";
import { uploadTokenHandler } from "@sluice/token";
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { Config } from "../../config/config.ts";
import type { ConsoleDoor } from "../../console/console-door.ts";
import { type DescriptionDeps, describeSession, describeSessions } from "../../console/describe-session.ts";
import { endConsoleSession } from "../../console/session-transactions.ts";
import { type Proof, signIn, TooManySignIns } from "../../console/sign-in.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import { invalidParameter, unknownParameter } from "../../text/parameter.ts";
import { KeptApp } from "../../web/build/kept-app.ts";
import { type ConsoleApp, loadApp } from "../../web/console/load-app.ts";
import { bucketOrigin, consoleHeaders } from "../../web/console/page-headers.ts";
import { consolePlaces } from "../../web/console/places.ts";
import { waitingPage } from "../../web/pages/waiting-page.ts";
import { addRoute, asPlainJson } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { assertFromConsole, hostOf } from "../plugins/console-request.ts";
import { cookieIn, cookieName, sessionOf, setCookie, signedInSessionOf } from "../plugins/console-session.ts";
import { sendKeptFile, sendPage } from "../send-page.ts";
import { pageOperations } from "./page-operations.ts";

export interface ConsoleAppDeps {
  readonly blobs: Pick<BlobStore, "redirect">;
  readonly config: Pick<Config, "consoleOrigin">;
  /** The address under which clients reach this server, without a trailing slash. */
  readonly publicUrl: () => string;
}

type ConsoleRoutesDeps = AuthDeps &
  ConsoleAppDeps &
  DescriptionDeps & { readonly logger: Pick<Logger, "error" | "info"> };

/** The console and its sessions. No cache keeps what is said of a session. */
export function consoleRoutes(deps: ConsoleRoutesDeps): FastifyPluginAsync {
  const { door } = deps;
  return async (app) => {
    if (door === undefined) return;
    addConsoleApp(app, deps);
    app.register(async (outside) => {
      keepBodiesRaw(outside);
      keepNoAnswer(outside);
      addSignIn(outside, deps, door);
    });
    app.register(async (inside) => {
      keepBodiesRaw(inside);
      keepNoAnswer(inside);
      requireBasicAuth(inside, deps);
      addRoute(inside, operations.getConsoleSession, async (request) =>
        describeSession(deps, signedInSessionOf(request)),
      );
      addRoute(inside, operations.signOutOfConsole, async (request, reply) => {
        const place = assertFromConsole(request, door.config);
        const { row, principal } = signedInSessionOf(request);
        await door.database.run(endConsoleSession, { accountId: principal.accountId, id: row.session_id });
        const forgotten = setCookie(await cookieName(door, place), "", place, 0);
        return reply.code(204).header("set-cookie", forgotten).send();
      });
      addRoute(inside, operations.listConsoleSessions, (request) => {
        const current = sessionOf(request)?.row.session_id;
        return describeSessions(door, principalOfRequest(request).accountId, current);
      });
      addRoute(inside, operations.endConsoleSession, async (request, reply) => {
        const { accountId } = principalOfRequest(request);
        const ended = await door.database.run(endConsoleSession, { accountId, id: request.params.id });
        if (!ended) throw new SluiceError("CONSOLE_SESSION_NOT_FOUND");
        return reply.code(204).send();
      });
      addMintToken(inside, deps);
    });
  };
}

function keepNoAnswer(app: FastifyInstance): void {
  app.addHook("onSend", async (_request, reply) => void reply.header("cache-control", "no-store"));
}

const base = pageOperations.getConsole.path;

/** `/console`: the page of the console at every path below it, since the app itself tells them apart, and its files. */
export function addConsoleApp(
  app: FastifyInstance,
  deps: ConsoleAppDeps,
  kept: KeptApp<ConsoleApp> = new KeptApp(consolePlaces, loadApp),
): void {
  const { blobs, config, publicUrl } = deps;
  const findBucketOrigin = bucketOrigin(blobs);

  async function sendConsole(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { consoleOrigin } = config;
    const host = hostOf(request);
    if (consoleOrigin !== undefined && new URL(consoleOrigin).host !== host) {
      // Browsers keep the fragment, so a link to sign in works at the other address as well.
      const { pathname, search } = new URL(request.url, consoleOrigin);
      return reply.header("cache-control", "no-store").redirect(`${consoleOrigin}${pathname}${search}`, 302);
    }
    const found = await kept.current();
    if ("state" in found) {
      const page = waitingPage(found, { short: "console", long: "web console" });
      return sendPage(reply.code(503).header("retry-after", "2"), page);
    }
    const place = { host, deliveryOrigin: new URL(publicUrl()).origin, bucketOrigin: await findBucketOrigin() };
    return reply.headers(consoleHeaders(found.inline, place)).send(found.page);
  }

  addRoute(app, pageOperations.getConsole, sendConsole);
  app.get<{ Params: { "*": string } }>(`${base}/*`, async (request, reply) => {
    const path = request.params["*"];
    if (!path.startsWith("assets/")) return sendConsole(request, reply);
    const found = await kept.current();
    const file = "state" in found ? undefined : found.files.get(path);
    if (file === undefined) throw new SluiceError("ROUTE_NOT_FOUND");
    return sendKeptFile(file, request, reply);
  });
}

/** Lets a browser in. It needs no session, but nothing else than the console's own page may ask for it. */
function addSignIn(app: FastifyInstance, deps: ConsoleRoutesDeps, door: ConsoleDoor): void {
  addRoute(app, operations.signInToConsole, async (request, reply) => {
    const place = assertFromConsole(request, door.config);
    const name = await cookieName(door, place);
    const { token, session } = await signIn(door, {
      proof: proofIn(jsonObjectOf(request.body)),
      address: request.ip,
      client: request.headers["user-agent"] ?? "",
      earlier: cookieIn(request.headers.cookie, name),
    }).catch((error: unknown) => {
      if (error instanceof TooManySignIns) reply.header("retry-after", error.seconds);
      throw error;
    });
    const { row, role, principal } = session;
    const facts = { account: principal.imagekitId, session: row.session_id, publicKey: row.public_key, role };
    deps.logger.info({ ...facts, ip: request.ip }, "somebody has signed in to the console");
    const seconds = Math.floor(door.config.limits.consoleSessionMs / 1000);
    return reply
      .code(201)
      .header("set-cookie", setCookie(name, token, place, seconds))
      .send(await describeSession(deps, session));
  });
}

const [byKeys, byLink] = ConsoleSignIn.anyOf;

function proofIn(body: Readonly<Record<string, unknown>>): Proof {
  const names = Object.keys(("link" in body ? byLink : byKeys).properties);
  for (const name of Object.keys(body)) if (!names.includes(name)) throw unknownParameter(name, names);
  for (const name of names) {
    if (typeof body[name] !== "string" || body[name] === "") throw invalidParameter(name, "Send it as text.");
  }
  return body as unknown as Proof;
}

/**
 * Mints a token for one upload, as a backend of the guide does. The session may do everything, so its policy refuses no
 * parameter.
 */
function addMintToken(app: FastifyInstance, { logger }: ConsoleRoutesDeps): void {
  const { path } = operations.mintConsoleToken;
  addRoute(
    app,
    operations.mintConsoleToken,
    async (request) => {
      const { public_key: publicKey, private_key: privateKey } = signedInSessionOf(request).row;
      const mint = uploadTokenHandler({
        keys: { publicKey, privateKey },
        authorize: () => true,
        policy: { refuse: [] },
        onError: (error) => logger.error({ err: error }, "the console could not mint a token"),
      });
      return mint(
        new Request(`http://localhost${path}`, {
          method: "POST",
          body: (request.body ?? null) as Buffer<ArrayBuffer> | null,
        }),
      );
    },
    asPlainJson,
  );
}
