import { ConsoleSignIn, operations } from "@sluice/protocol/schemas";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { ConsoleDoor } from "../../../console/console-door.ts";
import { type DescriptionNeeds, describeSession } from "../../../console/describe-session.ts";
import { type Proof, signIn, TooManySignIns } from "../../../console/sign-in.ts";
import { invalidParameter, unknownParameter } from "../../../text/parameter.ts";
import { addRoute } from "../../add-route.ts";
import { jsonObjectOf } from "../../json-body.ts";
import { cookieIn, cookieName, setCookie } from "../../plugins/console-cookie.ts";
import { assertFromConsole } from "../../plugins/console-request.ts";

export interface SignInRouteNeeds extends DescriptionNeeds {
  readonly logger: Pick<Logger, "info">;
}

/** Lets a browser in. It needs no session, but nothing else than the console's own page may ask for it. */
export function addSignIn(app: FastifyInstance, needs: SignInRouteNeeds, door: ConsoleDoor): void {
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
    needs.logger.info({ ...facts, ip: request.ip }, "somebody has signed in to the console");
    const seconds = Math.floor(door.config.limits.consoleSessionMs / 1000);
    return reply
      .code(201)
      .header("set-cookie", setCookie(name, token, place, seconds))
      .send(await describeSession(needs, session));
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
