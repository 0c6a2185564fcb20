import { errorCatalogue, wireReasonOf } from "@sluice/protocol";
import { closed, ErrorBody, errorsOf, type Operation } from "@sluice/protocol/schemas";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { TSchema } from "typebox";
import { Errors } from "typebox/value";

/**
 * Checks what the app's routes take and answer against the schemas of their operations. Each answer is checked as the
 * route made it, before the serialiser drops what its schema doesn't name. The JSON body of each request that was not
 * refused is checked too, and whether the operation's description names the refusal.
 * @returns a function that throws for every mismatch since its last call
 */
export function holdAgainstSchemas(app: FastifyInstance): () => void {
  const problems: string[] = [];

  function hold(what: string, schema: TSchema | null | undefined, value: unknown): void {
    if (schema == null) problems.push(`${what}: no schema is known`);
    else
      problems.push(...Errors(closed(schema), value).map((error) => `${what}${error.instancePath}: ${error.message}`));
  }

  app.addHook("preSerialization", async (request, reply, payload) => {
    const answers: Operation["answers"] | undefined = operationOf(request)?.answers;
    hold(`the answer to ${nameOf(request)}`, answers?.[reply.statusCode], JSON.parse(JSON.stringify(payload)));
    return payload;
  });
  app.addHook("onSend", async (request, reply, payload) => {
    if (reply.statusCode >= 400) {
      const refusal = JSON.parse(String(payload));
      hold(`the refusal of ${nameOf(request)}`, ErrorBody, refusal);
      if (!isDescribed(request, reply.statusCode, refusal)) {
        problems.push(`${nameOf(request)} is not described to answer ${reply.statusCode} ${refusal.reason}`);
      }
    } else if (takesBody(request)) hold(`the body of ${nameOf(request)}`, operationOf(request)?.body, bodyOf(request));
    return payload;
  });

  return () => {
    const found = problems.splice(0);
    if (found.length > 0) throw new Error(found.join("\n"));
  };
}

function operationOf({ routeOptions }: FastifyRequest): Operation | undefined {
  return routeOptions.config.operation;
}

/** Whether the operation's description names the refusal. A route that serves another one has no description. */
function isDescribed(request: FastifyRequest, status: number, { reason }: { readonly reason?: unknown }): boolean {
  const operation = operationOf(request);
  if (operation === undefined) return true;
  return errorsOf(operation).some((key) => wireReasonOf(key) === reason && errorCatalogue[key].status === status);
}

function nameOf({ method, routeOptions }: FastifyRequest): string {
  return `${method} ${routeOptions.url}`;
}

/**
 * Whether the request has a body that the route reads. Clients send a body with DELETE and PUT too, where nothing reads
 * it.
 */
function takesBody({ method, body }: FastifyRequest): boolean {
  return ["PATCH", "POST"].includes(method) && body instanceof Uint8Array && body.length > 0;
}

function bodyOf({ body }: FastifyRequest): unknown {
  return JSON.parse(new TextDecoder().decode(body as Uint8Array));
}
